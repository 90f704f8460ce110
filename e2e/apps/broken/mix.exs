defmodule Broken.MixProject do
  use Mix.Project

  def project do
    [app: :broken, version: "0.1.0", elixir: "~> 1.14", start_permanent: true, deps: []]
  end

  def application do
    [mod: {Broken.Application, []}, extra_applications: [:logger]]
  end
end
