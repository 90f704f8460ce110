defmodule MixMode.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    IO.puts("mixmode starts")
    Supervisor.start_link([{MixMode.Server, fn _path -> "hello from mix mode\n" end}], strategy: :one_for_one)
  end
end
