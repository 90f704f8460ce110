defmodule Mix.Tasks.Ecto.Migrate do
  @shortdoc "Runs the repository migrations"
  use Mix.Task

  @impl true
  def run(args) do
    # Loads and configures the application without starting it.
    Mix.Task.run("app.config", args)
    app = Mix.Project.config()[:app]

    for repo <- Application.get_env(app, :ecto_repos, []) do
      {:ok, _versions, _apps} = Ecto.Migrator.with_repo(repo, &Ecto.Migrator.run(&1, :up, all: true))
    end
  end
end
