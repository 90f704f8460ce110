import Config

config :moody, mood: System.get_env("MOOD", "well"), port: String.to_integer(System.get_env("PORT", "4000"))
