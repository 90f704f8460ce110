import Config

config :migrating, ecto_repos: [Migrating.Repo]
config :migrating, Migrating.Repo, url: System.get_env("DATABASE_URL")
