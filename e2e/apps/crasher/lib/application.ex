defmodule Crasher.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    IO.puts("crasher starts")
    Supervisor.start_link([{Crasher.Server, fn _path -> "still here\n" end}, Crasher.Bomb], strategy: :one_for_one)
  end
end
