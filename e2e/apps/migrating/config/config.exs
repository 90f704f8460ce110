import Config

config :migrating, ecto_repos: [Migrating.Repo]
