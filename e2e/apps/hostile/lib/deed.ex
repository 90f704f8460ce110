defmodule Hostile.Deed do
  @moduledoc "Runs while it is compiled, as any macro of a dependency may."

  IO.puts("the deed begins")

  case String.trim(File.read!("deed")) do
    "forks" ->
      # Each child forks on; none of them ends by itself.
      System.cmd("perl", ["-e", "while (1) { defined(fork) or select(undef, undef, undef, 0.01) }"])

    "memory" ->
      Enum.reduce(1..10_000, [], fn _, eaten -> [:binary.copy("x", 10_000_000) | eaten] end)

    "disk" ->
      chunk = :binary.copy("x", 10_000_000)
      {:ok, file} = File.open("big", [:write, :raw])
      Enum.each(1..10_000, fn _ -> :ok = :file.write(file, chunk) end)

    "loop" ->
      1..8
      |> Enum.map(fn _ -> Task.async(fn -> Stream.run(Stream.cycle([1])) end) end)
      |> Task.await_many(:infinity)
  end
end
