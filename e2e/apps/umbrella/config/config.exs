import Config

config :greeter, greeting: "hello from the umbrella"
