defmodule Ecto.Repo do
  @moduledoc "A repository: a process under its module's name that talks to a database by its adapter."

  defmacro __using__(options) do
    quote bind_quoted: [options: options] do
      @otp_app Keyword.fetch!(options, :otp_app)
      @adapter Keyword.fetch!(options, :adapter)

      def config, do: Keyword.put(Application.get_env(@otp_app, __MODULE__, []), :otp_app, @otp_app)
      def __adapter__, do: @adapter
      def child_spec(options), do: %{id: __MODULE__, start: {__MODULE__, :start_link, [options]}, type: :supervisor}
      def start_link(options \\ []), do: @adapter.start_link(__MODULE__, Keyword.merge(config(), options))
      def stop(timeout \\ 5_000), do: GenServer.stop(__MODULE__, :normal, timeout)
      def query!(statement), do: GenServer.call(__MODULE__, {:query, statement})
    end
  end
end
