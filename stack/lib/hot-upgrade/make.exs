# make.exs OLD NEW APPUPS OUT: what it takes to upgrade a node that runs the release in OLD to the one in NEW. Writes into NEW the appups
# and the relup; into OUT `instructions` and `files` (what differs, ended by NUL each), or `reason` when it is not possible.
for part <- ["beam", "changes", "relup"], do: Code.require_file("#{part}.exs", __DIR__)

defmodule Phial.Release do
  @moduledoc "An assembled release, as its folder says."
  alias Phial.Refusal

  def read(root) do
    [erts, version] = "#{root}/releases/start_erl.data" |> File.read!() |> String.split()
    [file] = Path.wildcard("#{root}/releases/#{version}/*.rel") |> Enum.reject(&(Path.basename(&1) =~ "start"))
    {:ok, [{:release, {name, _}, _, apps}]} = :file.consult(to_charlist(file))
    apps = for app <- apps, into: %{}, do: {elem(app, 0), to_string(elem(app, 1))}
    %{root: root, erts: erts, version: version, name: to_string(name), apps: apps}
  end

  def text(release, file) do
    case File.read("#{release.root}/releases/#{release.version}/#{file}") do
      {:ok, text} -> text
      _ -> ""
    end
  end

  @doc "What no upgrade in place can change."
  def refuse_what_needs_a_start(old, new) do
    if old.name != new.name, do: Refusal.because("The release is now called #{new.name}; it was #{old.name}.")
    if old.erts != new.erts, do: Refusal.because("The Erlang runtime changes (ERTS #{old.erts} → #{new.erts}), which only a new start can do.")

    if old.version == new.version,
      do: Refusal.because("The release that runs has the version #{new.version} already: raise the version in mix.exs.")

    for {app, to} <- new.apps, from = old.apps[app], from != to, of_toolchain?(app) do
      Refusal.because("Erlang or Elixir changes (#{app} #{from} → #{to}), which only a new start can do.")
    end

    for file <- ["vm.args", "env.sh"], text(old, file) != text(new, file) do
      Refusal.because("The release's #{file} changed, which only a new start reads.")
    end

    if Path.wildcard("#{new.root}/erts-*") == [], do: Refusal.because("The release has no runtime of its own (include_erts: false).")
  end

  # This script runs without the app: what it finds is Erlang's or Elixir's.
  defp of_toolchain?(app), do: is_list(:code.lib_dir(app))
end

defmodule Phial.Files do
  @moduledoc "What differs between two release folders."

  # Kept by Erlang itself in a running release.
  @not_ours ["releases/RELEASES", "releases/start_erl.data", "releases/COOKIE"]

  def changed(old, new) do
    for file <- all(new), file not in @not_ours, not same?("#{old}/#{file}", "#{new}/#{file}"), do: file
  end

  defp all(root) do
    for file <- Path.wildcard("#{root}/**", match_dot: true), File.regular?(file), do: Path.relative_to(file, root)
  end

  defp same?(one, other) do
    match?({{:ok, %{size: size}}, {:ok, %{size: size}}}, {File.stat(one), File.stat(other)}) and File.read!(one) == File.read!(other)
  end
end

defmodule Phial.HotUpgrade do
  @moduledoc "One upgrade."
  alias Phial.{Beam, Changes, Files, Refusal, Relup, Release}

  def make(old_root, new_root, appups) do
    {old, new} = {Release.read(old_root), Release.read(new_root)}
    Release.refuse_what_needs_a_start(old, new)
    files = Files.changed(old_root, new_root)
    refuse_unchanged_versions(old, new, files)
    refuse_new_native(old, new)
    protocols = protocols(new)
    apps = for app <- apps(old, new), do: with_appup(app, appups, Map.keys(protocols))
    changed = for {module, beam} <- protocols, protocols(old)[module][:md5] != beam.md5, do: module
    Relup.make(old, new, changed, Enum.all?(apps, &(&1.changes != :own)))
    {lines(apps, old, new, changed), Files.changed(old_root, new_root)}
  end

  defp protocols(release), do: Beam.all("#{release.root}/releases/#{release.version}/consolidated")

  defp apps(old, new) do
    for {name, to} <- new.apps, from = old.apps[name], from != to do
      %{name: name, from: from, to: to, old: "#{old.root}/lib/#{name}-#{from}", new: "#{new.root}/lib/#{name}-#{to}"}
    end
  end

  # Erlang compares versions: what changed under the same one would never be loaded.
  defp refuse_unchanged_versions(old, new, files) do
    for {name, version} <- new.apps, old.apps[name] == version, ebin = "lib/#{name}-#{version}/ebin" do
      {before, now} = {Beam.all("#{old.root}/#{ebin}"), Beam.all("#{new.root}/#{ebin}")}
      changed = for {module, beam} <- now, "#{ebin}/#{Path.basename(beam.file)}" in files, before[module][:md5] != beam.md5, do: module
      if changed != [], do: Refusal.because("#{list(changed)} of #{name} changed under the same version #{version}: raise the version in its mix.exs.")
    end
  end

  # Modules that bring native code cannot be loaded together with others.
  defp refuse_new_native(old, new) do
    for {name, version} <- new.apps, not is_map_key(old.apps, name), {module, beam} <- Beam.all("#{new.root}/lib/#{name}-#{version}/ebin") do
      if Beam.loads_native?(beam), do: Refusal.because("The new dependency #{name} has native code (#{inspect(module)}), which needs a new start.")
    end
  end

  # The authors' own words win over ours.
  defp with_appup(app, appups, protocols) do
    written = "#{appups}/#{app.name}/#{app.from}_to_#{app.to}.appup"
    target = "#{app.new}/ebin/#{app.name}.appup"

    cond do
      File.exists?(written) ->
        File.cp!(written, target)
        Map.put(app, :changes, :own)

      speaks_of?(target, app.from) ->
        Map.put(app, :changes, :own)

      true ->
        changes = Changes.of(app, protocols)
        term = {to_charlist(app.to), [{to_charlist(app.from), Changes.instructions(changes)}], []}
        File.write!(target, :io_lib.format("%% coding: utf-8~n~tp.~n", [term]))
        Map.put(app, :changes, changes)
    end
  end

  defp speaks_of?(file, version) do
    case :file.consult(to_charlist(file)) do
      {:ok, [{_, ups, _}]} -> Enum.any?(ups, fn {from, _} -> if is_binary(from), do: version =~ ~r/^(#{from})$/, else: to_string(from) == version end)
      _ -> false
    end
  end

  defp lines(apps, old, new, protocols) do
    for(app <- apps, do: "#{app.name} #{app.from} → #{app.to}: #{words(app.changes)}") ++
      for({name, version} <- new.apps, not is_map_key(old.apps, name), do: "starts #{name} #{version}") ++
      for({name, version} <- old.apps, not is_map_key(new.apps, name), do: "stops #{name} #{version}") ++
      if(protocols == [], do: [], else: ["protocols: #{list(protocols)}"])
  end

  defp words(:own), do: "as its appup says"

  defp words(changes) do
    with_state = for {module, :code_change} <- changes.changed, do: module
    rest = for {module, how} <- changes.changed, how != :code_change, do: module
    parts = [{"takes over the state of", with_state}, {"replaces", rest}, {"adds", changes.added}, {"removes", changes.removed}]
    words = for {verb, modules} <- parts, modules != [], do: "#{verb} #{list(modules)}"
    if words == [], do: "no code changed", else: Enum.join(words, ", ")
  end

  @most 8
  defp list(modules) do
    shown = modules |> Enum.sort() |> Enum.take(@most) |> Enum.map_join(", ", &inspect/1)
    if length(modules) > @most, do: "#{shown} and #{length(modules) - @most} more", else: shown
  end
end

[old, new, appups, out] = System.argv()

try do
  Phial.HotUpgrade.make(old, new, appups)
rescue
  refusal in Phial.Refusal -> File.write!("#{out}/reason", refusal.message)
else
  {lines, files} ->
    File.write!("#{out}/instructions", Enum.map_join(lines, &(&1 <> "\n")))
    File.write!("#{out}/files", Enum.map_join(files, &(&1 <> <<0>>)))
end
