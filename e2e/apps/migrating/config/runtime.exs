import Config

config :migrating, Migrating.Repo, url: System.get_env("DATABASE_URL")
