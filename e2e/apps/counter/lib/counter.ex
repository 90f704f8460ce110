defmodule Counter do
  @moduledoc "A number that only grows, kept in memory, and those who want to hear of it."
  use GenServer

  def start_link(_), do: GenServer.start_link(__MODULE__, 0, name: __MODULE__)
  def value, do: GenServer.call(__MODULE__, :value)
  def increment, do: GenServer.call(__MODULE__, :increment)
  @doc "The caller gets `{:count, n}` at each change until it dies."
  def subscribe, do: GenServer.call(__MODULE__, :subscribe)

  @impl true
  def init(count), do: {:ok, %{count: count, subscribers: MapSet.new()}}

  @impl true
  def handle_call(:value, _from, state), do: {:reply, state.count, state}

  def handle_call(:increment, _from, state) do
    count = state.count + 1
    for pid <- state.subscribers, do: send(pid, {:count, count})
    {:reply, count, %{state | count: count}}
  end

  def handle_call(:subscribe, {pid, _}, state) do
    Process.monitor(pid)
    {:reply, state.count, %{state | subscribers: MapSet.put(state.subscribers, pid)}}
  end

  @impl true
  def handle_info({:DOWN, _ref, :process, pid, _reason}, state) do
    {:noreply, %{state | subscribers: MapSet.delete(state.subscribers, pid)}}
  end
end
