defmodule Moody.MixProject do
  use Mix.Project

  def project do
    [app: :moody, version: "0.1.0", elixir: "~> 1.14", start_permanent: true, deps: []]
  end

  def application do
    [mod: {Moody.Application, []}, extra_applications: [:logger]]
  end
end
