defmodule Counter.Cluster do
  @moduledoc """
  Joins the other replicas: nodes of the same name at the given addresses, or, when none is given, at the other addresses of
  the own subnet of 64, which is the app's own network. Whoever does not answer is asked again.
  """
  use GenServer

  @every 1_000

  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)

  @impl true
  def init(_) do
    if Node.alive?(), do: send(self(), :look)
    {:ok, nil}
  end

  @impl true
  def handle_info(:look, state) do
    [name, host] = node() |> Atom.to_string() |> String.split("@")

    for peer <- peers(host), peer != host, :"#{name}@#{peer}" not in Node.list() do
      # One that is not there takes its time to say so.
      spawn(fn -> if reachable?(peer), do: Node.connect(:"#{name}@#{peer}") end)
    end

    Process.send_after(self(), :look, @every)
    {:noreply, state}
  end

  defp peers(host) do
    case Application.fetch_env!(:counter, :peers) do
      [] -> subnet(host)
      given -> given
    end
  end

  defp subnet(host) do
    case :inet.parse_ipv4_address(to_charlist(host)) do
      {:ok, {a, b, c, d}} -> for n <- (d - rem(d, 64) + 2)..(d - rem(d, 64) + 62), do: "#{a}.#{b}.#{c}.#{n}"
      _ -> []
    end
  end

  # The port mapper of Erlang; asked first, so that absent neighbours cost little.
  defp reachable?(peer) do
    case :gen_tcp.connect(to_charlist(peer), 4369, [:binary], 500) do
      {:ok, socket} -> :gen_tcp.close(socket) == :ok
      _ -> false
    end
  end
end
