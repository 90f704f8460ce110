defmodule Crasher.Bomb do
  @moduledoc "Takes the whole app down after a while: it is never restarted, and the app is permanent."
  use GenServer

  def start_link(_), do: GenServer.start_link(__MODULE__, nil)

  @impl true
  def init(_) do
    Process.send_after(self(), :crash, Application.fetch_env!(:crasher, :crash_after))
    {:ok, nil}
  end

  @impl true
  def handle_info(:crash, _) do
    IO.puts("crasher has had enough")
    System.halt(1)
  end
end
