defmodule Phial.Beam do
  @moduledoc "What compiled modules say of themselves. Their source is not asked: a slug has none."

  @doc "All modules of an ebin folder, by name."
  def all(ebin) do
    for file <- Path.wildcard("#{ebin}/*.beam"), into: %{} do
      {:ok, {module, md5}} = :beam_lib.md5(to_charlist(file))
      {module, %{module: module, file: file, md5: md5}}
    end
  end

  def behaviours(beam) do
    attributes = attributes(beam)
    Keyword.get_values(attributes, :behaviour) |> Kernel.++(Keyword.get_values(attributes, :behavior)) |> List.flatten()
  end

  @doc "A native library is bound to such a module."
  def on_load?(beam), do: Keyword.has_key?(attributes(beam), :on_load) or Enum.any?(functions(beam), fn {_, code} -> :on_load in code end)

  def loads_native?(beam) do
    {:ok, {_, [imports: imports]}} = :beam_lib.chunks(to_charlist(beam.file), [:imports])
    {:erlang, :load_nif, 2} in imports
  end

  def exports?(beam, function) do
    {:ok, {_, [exports: exports]}} = :beam_lib.chunks(to_charlist(beam.file), [:exports])
    function in exports
  end

  @doc "The fields of its struct, which only the loaded module knows. `nil`: it has none, or is an exception, which nobody keeps."
  def fields(beam) do
    if exports?(beam, {:__struct__, 0}) do
      load(beam)
      struct = apply(beam.module, :__struct__, [])
      if is_map_key(struct, :__exception__), do: nil, else: struct |> Map.keys() |> List.delete(:__struct__) |> Enum.sort()
    end
  end

  @doc "The code of these functions and of all that they call in their own module, without what differs from compilation to compilation."
  def closure(beam, roots) do
    functions = functions(beam)
    follow(Enum.filter(roots, &is_map_key(functions, &1)), functions, beam.module, %{})
  end

  @doc "Functions of which the code says so."
  def functions_with(beam, wanted?), do: for({function, code} <- functions(beam), wanted?.(code), do: function)

  @doc "Whether an instruction, or a part of one, is of this kind."
  def mentions?(code, what) when code == what, do: true
  def mentions?(code, what) when is_list(code), do: Enum.any?(code, &mentions?(&1, what))
  def mentions?(code, what) when is_tuple(code), do: code |> Tuple.to_list() |> mentions?(what)
  def mentions?(code, what) when is_map(code), do: code |> Map.to_list() |> mentions?(what)
  def mentions?(_, _), do: false

  defp attributes(beam) do
    {:ok, {_, [attributes: attributes]}} = :beam_lib.chunks(to_charlist(beam.file), [:attributes])
    attributes
  end

  defp load(beam) do
    for _ <- 1..2, do: [:code.purge(beam.module), :code.delete(beam.module)]
    {:module, _} = :code.load_binary(beam.module, to_charlist(beam.file), File.read!(beam.file))
  end

  defp functions(beam) do
    {:beam_file, _, _, _, _, functions} = :beam_disasm.file(to_charlist(beam.file))
    for {:function, name, arity, _, code} <- functions, into: %{}, do: {{name, arity}, plain(code)}
  end

  defp follow([], _, _, found), do: found

  defp follow([next | rest], functions, module, found) do
    code = Map.get(functions, next, [])
    called = for called <- calls(code, module), not is_map_key(found, called), called != next, do: called
    follow(Enum.uniq(rest ++ called) |> Enum.reject(&is_map_key(found, &1)), functions, module, Map.put(found, next, code))
  end

  defp calls(code, module) do
    for instruction <- code, is_tuple(instruction), {^module, name, arity} <- Tuple.to_list(instruction), do: {name, arity}
  end

  # Labels and the numbers of closures count through the whole module, and types are inferred from callers.
  defp plain(code) do
    code = Enum.reject(code, &noise?/1)
    {code, _} = Enum.map_reduce(code, %{}, &plain/2)
    code
  end

  defp noise?(instruction), do: is_tuple(instruction) and elem(instruction, 0) in [:line, :executable_line, :debug_line, :func_info]

  defp plain({:literal, _} = literal, labels), do: {literal, labels}
  defp plain({:tr, register, _type}, labels), do: plain(register, labels)
  defp plain({:make_fun3, function, _, _, to, from}, labels), do: plain({:make_fun, function, to, from}, labels)
  defp plain({kind, label}, labels) when kind in [:f, :label] and is_integer(label), do: renumbered(label, labels)

  defp plain(tuple, labels) when is_tuple(tuple) do
    {parts, labels} = tuple |> Tuple.to_list() |> Enum.map_reduce(labels, &plain/2)
    {List.to_tuple(parts), labels}
  end

  defp plain(list, labels) when is_list(list) and list != [] do
    if List.improper?(list), do: {list, labels}, else: Enum.map_reduce(list, labels, &plain/2)
  end

  defp plain(other, labels), do: {other, labels}

  defp renumbered(label, labels) do
    labels = Map.put_new(labels, label, map_size(labels))
    {{:label, labels[label]}, labels}
  end
end
