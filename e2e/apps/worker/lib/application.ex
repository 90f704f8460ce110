defmodule Worker.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    mode = Application.fetch_env!(:worker, :mode)
    IO.puts("worker starts as #{mode}")
    Supervisor.start_link(children(mode), strategy: :one_for_one)
  end

  defp children("web"), do: [{Worker.Server, fn _path -> "web of worker\n" end}]
  defp children("worker"), do: [Worker.Ticker]
end
