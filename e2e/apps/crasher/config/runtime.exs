import Config

config :crasher, crash_after: String.to_integer(System.get_env("CRASH_AFTER", "5000"))
