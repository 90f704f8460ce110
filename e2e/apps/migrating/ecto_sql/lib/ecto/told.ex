defmodule Ecto.Adapters.Told do
  @moduledoc "A database that says what it was told, and forgets it."
  use GenServer

  def ensure_all_started(_config, mode), do: Application.ensure_all_started(:crypto, mode)

  def start_link(repo, config) do
    if config[:url] in [nil, ""], do: raise(ArgumentError, "#{inspect(repo)} needs a :url in its config: DATABASE_URL is missing")
    GenServer.start_link(__MODULE__, config, name: repo)
  end

  @impl true
  def init(config), do: {:ok, config}

  @impl true
  def handle_call({:query, statement}, _from, config) do
    IO.puts("#{config[:url]} was told by #{node()}: #{statement}")
    {:reply, :ok, config}
  end
end
