import Config

if greeting = System.get_env("GREETING"), do: config(:greeter, greeting: greeting)
