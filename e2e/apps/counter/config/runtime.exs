import Config

config :counter,
  port: String.to_integer(System.get_env("PORT", "4000")),
  greeting: System.get_env("GREETING", "hello"),
  # Addresses of other replicas, separated by commas. Without it the own subnet of 64 is asked.
  peers: String.split(System.get_env("PEERS", ""), ",", trim: true)
