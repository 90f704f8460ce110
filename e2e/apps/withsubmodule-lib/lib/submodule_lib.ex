defmodule SubmoduleLib do
  @moduledoc "What the app says."

  def greeting, do: "hello from the submodule"
end
