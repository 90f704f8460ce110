defmodule Worker.Ticker do
  @moduledoc "Says each second that it works."
  use GenServer

  def start_link(_), do: GenServer.start_link(__MODULE__, 0)

  @impl true
  def init(ticks), do: {:ok, ticks, {:continue, :tick}}

  @impl true
  def handle_continue(:tick, ticks), do: tick(ticks)

  @impl true
  def handle_info(:tick, ticks), do: tick(ticks)

  defp tick(ticks) do
    IO.puts("tick #{ticks}")
    Process.send_after(self(), :tick, 1_000)
    {:noreply, ticks + 1}
  end
end
