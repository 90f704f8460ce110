import Config

config :worker, mode: System.get_env("MODE", "web")
