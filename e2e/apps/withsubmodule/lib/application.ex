defmodule WithSubmodule.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    IO.puts("withsubmodule starts")
    Supervisor.start_link([{WithSubmodule.Server, fn _path -> SubmoduleLib.greeting() <> "\n" end}], strategy: :one_for_one)
  end
end
