defmodule Moody.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    mood = Application.fetch_env!(:moody, :mood)
    IO.puts("moody is #{mood}")
    if mood == "hungry", do: eat([])
    Supervisor.start_link(children(mood), strategy: :one_for_one)
  end

  defp children("deaf"), do: []
  defp children("crash"), do: [Moody.Server, {Moody.Later, fn -> end_it() end}]
  defp children(_), do: [Moody.Server]

  defp end_it do
    IO.puts("moody has had enough")
    System.halt(1)
  end

  defp eat(eaten), do: eat([:binary.copy("x", 10_000_000) | eaten])
end
