defmodule Phial.Relup do
  @moduledoc "The release's upgrade, made of the appups of its apps by Erlang's own tool, then put in an order in which nothing fails."
  alias Phial.Refusal

  @doc "Writes `relup` into the new release. `all_ours`: no app brought instructions of its own."
  def make(old, new, protocols, all_ours) do
    folder = "#{new.root}/releases/#{new.version}"
    path = for root <- [old.root, new.root], ebin <- Path.wildcard("#{root}/lib/*/ebin"), do: to_charlist(ebin)
    rel = fn release -> to_charlist("#{release.root}/releases/#{release.version}/#{release.name}") end

    case :systools.make_relup(rel.(new), [rel.(old)], [], [:silent, :noexec, path: path]) do
      {:ok, {version, [{from, description, script}], _}, _, _} ->
        script = script |> gathered(all_ours) |> with_protocols(protocols, new)
        term = {version, [{from, description, script}], [{from, [], []}]}
        File.write!("#{folder}/relup", :io_lib.format("%% coding: utf-8~n~tp.~n", [term]))

      {:error, module, error} ->
        Refusal.because("Erlang makes no upgrade of it: #{module.format_error(error) |> to_string() |> String.split() |> Enum.join(" ")}.")
    end
  end

  # Module after module, the new code of one would meet the old code of another. So all processes concerned pause, all modules are
  # replaced at one moment, and then the states are taken over.
  defp gathered(script, false), do: script

  defp gathered(script, true) do
    {before, [:point_of_no_return | rest]} = Enum.split_while(script, &(&1 != :point_of_no_return))
    kinds = Enum.group_by(rest, &kind/1)
    of = fn names -> Enum.flat_map(names, &Map.get(kinds, &1, [])) end
    modules = for {:load, {module, _, _}} <- of.([:load]), do: module
    load = if modules == [], do: [], else: [{:apply, {:code, :atomic_load, [modules]}}]
    before ++ [:point_of_no_return] ++ of.([:load_object_code, :suspend]) ++ load ++ of.([:start, :code_change, :resume, :other])
  end

  defp kind(instruction) when is_tuple(instruction) and elem(instruction, 0) in [:load_object_code, :suspend, :load, :code_change, :resume], do: elem(instruction, 0)
  defp kind({:apply, {:application, start, _}}) when start in [:load, :start], do: :start
  defp kind(_), do: :other

  # A consolidated protocol lies outside of all apps. The new one knows the old implementations too, so it goes first.
  defp with_protocols(script, protocols, new) do
    {before, [:point_of_no_return | rest]} = Enum.split_while(script, &(&1 != :point_of_no_return))

    loads =
      for protocol <- protocols, file = "/app/releases/#{new.version}/consolidated/#{protocol}" do
        [{:apply, {:code, :soft_purge, [protocol]}}, {:apply, {:code, :load_abs, [to_charlist(file)]}}]
      end

    before ++ [:point_of_no_return | List.flatten(loads)] ++ rest
  end
end
