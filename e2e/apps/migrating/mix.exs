defmodule Migrating.MixProject do
  use Mix.Project

  def project do
    [
      app: :migrating,
      version: "0.1.0",
      elixir: "~> 1.14",
      start_permanent: true,
      deps: [{:ecto_sql, path: "ecto_sql"}]
    ]
  end

  def application do
    [mod: {Migrating.Application, []}, extra_applications: [:logger]]
  end
end
