defmodule Broken.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    IO.puts("broken starts")
    Supervisor.start_link([{Broken.Server, fn _path -> "never seen\n" end}], strategy: :one_for_one)
  end
end
