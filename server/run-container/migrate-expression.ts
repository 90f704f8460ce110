export const isOtpApp = (name: string): boolean => /^[a-z][a-z0-9_]*$/.test(name)

/** In a node that `eval` starts no application is loaded, and none would have a repository. */
const ALL_REPOSITORIES = [
  'for dir <- :code.get_path(), file <- Path.wildcard("#{dir}/*.app"), do: Application.load(:"#{Path.basename(file, ".app")}")',
  "repos = for {app, _, _} <- Application.loaded_applications(), repo <- Application.get_env(app, :ecto_repos, []), do: repo",
]

const repositoriesOf = (otpApp: string) => [`Application.load(:${otpApp})`, `repos = Application.fetch_env!(:${otpApp}, :ecto_repos)`]

/** Elixir that migrates every Ecto repository of an OTP application, or of all that the release has. Pure. */
export function migrateExpression(otpApp: string | null): string {
  return [
    ...(otpApp === null ? ALL_REPOSITORIES : repositoriesOf(otpApp)),
    'if repos == [], do: IO.puts("There is no Ecto repository to migrate: no application has ecto_repos in its config.")',
    "for repo <- repos, do: {:ok, _, _} = Ecto.Migrator.with_repo(repo, &Ecto.Migrator.run(&1, :up, all: true))",
  ].join("; ")
}
