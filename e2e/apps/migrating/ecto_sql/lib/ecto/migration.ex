defmodule Ecto.Migration do
  defmacro __using__(_options) do
    quote do
      import Ecto.Migration
    end
  end

  def execute(statement), do: Process.get(:repo).query!(statement)
end
