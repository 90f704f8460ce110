defmodule Front.MixProject do
  use Mix.Project

  def project do
    [
      app: :front,
      version: "0.1.0",
      elixir: "~> 1.14",
      start_permanent: true,
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock",
      deps: [{:greeter, in_umbrella: true}]
    ]
  end

  def application do
    [mod: {Front.Application, []}, extra_applications: [:logger]]
  end
end
