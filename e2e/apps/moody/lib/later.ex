defmodule Moody.Later do
  @moduledoc "Does one thing, a second after the start."
  use GenServer

  @after_ms 1_000

  def start_link(deed), do: GenServer.start_link(__MODULE__, deed)

  @impl true
  def init(deed) do
    Process.send_after(self(), :now, @after_ms)
    {:ok, deed}
  end

  @impl true
  def handle_info(:now, deed) do
    deed.()
    {:noreply, deed}
  end
end
