defmodule Deaf.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    IO.puts("deaf starts and listens to nobody")
    Supervisor.start_link([], strategy: :one_for_one)
  end
end
