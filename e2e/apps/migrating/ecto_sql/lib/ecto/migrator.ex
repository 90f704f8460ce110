defmodule Ecto.Migrator do
  @moduledoc "Runs migrations in their order, in a repository that it starts where none runs."
  require Logger

  def with_repo(repo, fun, options \\ []) do
    mode = Keyword.get(options, :mode, :permanent)
    {:ok, started} = Application.ensure_all_started(:ecto_sql, mode)
    {:ok, more} = repo.__adapter__().ensure_all_started(repo.config(), mode)

    case repo.start_link(pool_size: 2) do
      {:ok, _pid} ->
        try do
          {:ok, fun.(repo), started ++ more}
        after
          repo.stop()
        end

      {:error, {:already_started, _pid}} ->
        {:ok, fun.(repo), started ++ more}

      {:error, _reason} = error ->
        error
    end
  end

  def run(repo, :up, all: true) do
    for file <- repo |> directory() |> Path.join("*.exs") |> Path.wildcard() |> Enum.sort() do
      [{module, _code} | _] = Code.compile_file(file)
      {version, _name} = file |> Path.basename() |> Integer.parse()
      Logger.info("== Running #{version} #{inspect(module)}.change/0 forward")
      Process.put(:repo, repo)
      module.change()
      version
    end
  end

  defp directory(repo), do: Application.app_dir(repo.config()[:otp_app], "priv/repo/migrations")
end
