defmodule WithSubmodule.MixProject do
  use Mix.Project

  def project do
    [app: :with_submodule, version: "0.1.0", elixir: "~> 1.14", start_permanent: true, deps: [{:submodule_lib, path: "vendor/lib"}]]
  end

  def application do
    [mod: {WithSubmodule.Application, []}, extra_applications: [:logger]]
  end
end
