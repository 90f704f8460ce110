defmodule Broken.Server do
  @moduledoc "Would listen, if it compiled."

  def start_link(_answer) do
    Task.start_link(fn -> listen(prot) end)
  end

  defp listen(port), do: :gen_tcp.listen(port, [:binary])
end
