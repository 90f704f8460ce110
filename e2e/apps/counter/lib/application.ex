defmodule Counter.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    port = Application.fetch_env!(:counter, :port)
    IO.puts("counter starts on port #{port} as #{node()}")
    children = [Counter, Counter.Cluster, {Counter.Server, port}]
    Supervisor.start_link(children, strategy: :one_for_one, name: Counter.Supervisor)
  end

  @impl true
  def stop(_state), do: IO.puts("counter stopped")
end
