import Config

config :worker, role: System.get_env("ROLE", "web")
