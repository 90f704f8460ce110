defmodule Worker.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    role = Application.fetch_env!(:worker, :role)
    IO.puts("worker starts as #{role}")
    Supervisor.start_link(children(role), strategy: :one_for_one)
  end

  defp children("web"), do: [{Worker.Server, fn _path -> "web of worker\n" end}]
  defp children("worker"), do: [Worker.Ticker]
end
