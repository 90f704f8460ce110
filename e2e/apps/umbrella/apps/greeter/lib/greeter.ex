defmodule Greeter do
  @moduledoc "Knows what to say."

  def greeting, do: Application.fetch_env!(:greeter, :greeting)
end
