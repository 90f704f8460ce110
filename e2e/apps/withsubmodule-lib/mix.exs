defmodule SubmoduleLib.MixProject do
  use Mix.Project

  def project, do: [app: :submodule_lib, version: "0.1.0", elixir: "~> 1.14"]
end
