defmodule Front.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    IO.puts("front starts")
    Supervisor.start_link([{Front.Server, fn _path -> Greeter.greeting() <> "\n" end}], strategy: :one_for_one)
  end
end
