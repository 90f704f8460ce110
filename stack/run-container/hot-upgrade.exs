defmodule Phial.HotUpgrade do
  @moduledoc """
  Evaluated in the running node by `hot-upgrade`, which has put what the upgrade needs into `@work` and reads the result there. A
  node that cannot be upgraded beyond a certain point ends; then there is no result.
  """
  @root "/app"
  @work "/app/.phial-upgrade"
  @env "/run/phial/upgrade.env"

  def run do
    version = String.trim(File.read!("#{@work}/.phial/hot-upgrade/version"))

    {verdict, sentence} =
      try do
        upgrade(version)
      catch
        {:refused, sentence} -> {"refused", sentence}
        {:ending, cause} -> {"refused", "The node ended while it was upgraded#{cause}: its last lines say why."}
        kind, reason -> {"refused", "The upgrade failed: #{Exception.format_banner(kind, reason, __STACKTRACE__)}"}
      end

    File.write!("#{@work}/result.new", "#{verdict}\n#{String.replace(sentence, "\n", " ")}\n")
    File.rename!("#{@work}/result.new", "#{@work}/result")
  end

  defp upgrade(version) do
    {from, libs} = permanent()
    set = change_environment()

    if from != version do
      try do
        forget(version)
        place_new(libs)
        install(from, version)
      catch
        # There is nothing left to restore.
        :throw, {:ending, _} = ending ->
          throw(ending)

        kind, reason ->
          restore_environment(set)
          forget(version)
          :erlang.raise(kind, reason, __STACKTRACE__)
      end
    end

    place_rest()
    System.put_env("RELEASE_VSN", version)
    sentence = "Upgraded in place from #{from} to #{version}."
    if from != version, do: IO.puts(Process.whereis(:user), sentence)
    {"ok", sentence}
  end

  defp permanent do
    case for {_, version, libs, :permanent} <- :release_handler.which_releases(), do: {to_string(version), Enum.map(libs, &to_string/1)} do
      [one] -> one
      _ -> refuse("The node does not know which release it runs.")
    end
  end

  # One that was begun before, or ran here long ago.
  defp forget(version) do
    known = for {_, known, _, status} <- :release_handler.which_releases(), to_string(known) == version, status != :permanent, do: known
    for known <- known, do: :release_handler.remove_release(known)
    File.rm_rf!("#{@root}/releases/#{version}")
  end

  # Only what nothing uses yet; the rest follows when the new release runs.
  defp place_new(libs) do
    for folder <- Path.wildcard("#{@work}/new/{lib,releases}/*"), name = Path.basename(folder), name not in libs do
      target = "#{@root}/#{Path.relative_to(folder, "#{@work}/new")}"
      File.rm_rf!(target)
      File.rename!(folder, target)
    end
  end

  defp place_rest do
    for file <- Path.wildcard("#{@work}/new/**", match_dot: true), File.regular?(file) do
      target = "#{@root}/#{Path.relative_to(file, "#{@work}/new")}"
      File.mkdir_p!(Path.dirname(target))
      File.rename!(file, target)
    end
  end

  defp install(from, version) do
    folder = "#{@root}/releases/#{version}"
    [rel] = Path.wildcard("#{folder}/*.rel")
    refuse_old_code(folder, from)
    config = expand_config(folder)
    {:ok, _} = :release_handler.set_unpacked(to_charlist(rel), [])
    before = environments()

    case install_release(version) do
      {:ok, _, _} -> :ok
      {:error, {:old_processes, module}} -> refuse(old_code([module]))
      {:error, reason} -> if stopping?(), do: throw({:ending, cause(reason)}), else: refuse("Erlang did not install it: #{inspect(reason)}.")
    end

    refuse_half_loaded(folder, from)
    keep_what_code_set(before, "#{@root}/releases/#{from}", config)
    use_protocols(from, version)
    :ok = :release_handler.make_permanent(to_charlist(version))
    File.rename!("#{folder}/sys.config.made", "#{folder}/sys.config")
  end

  # Whatever fails beyond the point of no return makes Erlang end the node, this server first.
  defp install_release(version) do
    :release_handler.install_release(to_charlist(version), error_action: :reboot)
  catch
    :exit, _ -> throw({:ending, ""})
  end

  defp stopping?, do: match?({:stopping, _}, :init.get_status())

  defp cause({:code_change_failed, _, module, _, _}), do: ", as code_change of #{inspect(module)} failed"
  defp cause(_), do: ""

  # Code can be there twice, as old and as current. Who still runs the old one would be killed.
  defp refuse_old_code(folder, from) do
    busy = for module <- replaced_modules(folder, from), :erlang.check_old_code(module), not :code.soft_purge(module), do: module
    if busy != [], do: refuse(old_code(busy))
  end

  # Erlang ignores what loading answers. A node that is neither here nor there must not serve.
  defp refuse_half_loaded(folder, from) do
    stale = for module <- replaced_modules(folder, from), beam = :code.which(module), is_list(beam), not loaded_from?(module, beam), do: module

    if stale != [] do
      System.stop(1)
      throw({:ending, ", as #{Enum.map_join(stale, ", ", &inspect/1)} could not be loaded"})
    end
  end

  defp loaded_from?(module, beam) do
    {:ok, {_, md5}} = :beam_lib.md5(beam)
    module.module_info(:md5) == md5
  end

  defp replaced_modules(folder, from) do
    {:ok, [{_, ups, _}]} = :file.consult(to_charlist("#{folder}/relup"))
    {_, _, script} = List.keyfind(ups, to_charlist(from), 0) || refuse("It does not upgrade #{from}, which runs here.")
    Enum.flat_map(script, &replaced/1)
  end

  defp replaced({:apply, {:code, :atomic_load, [modules]}}), do: modules
  defp replaced({:load, {module, :soft_purge, _}}), do: [module]
  defp replaced(_), do: []

  defp old_code(modules), do: "Processes still run code from before the last upgrade (#{Enum.map_join(modules, ", ", &inspect/1)})."

  # Erlang reads sys.config alone; what config/runtime.exs says would be gone.
  defp expand_config(folder) do
    file = "#{folder}/sys.config"
    {:ok, [config]} = :file.consult(to_charlist(file))
    init = config[:elixir][:config_provider_init]
    expanded = if init, do: Enum.reduce(init.providers, config, fn {provider, state}, config -> provider.load(config, state) end), else: config
    File.rename!(file, "#{file}.made")
    File.write!(file, :io_lib.format("%% coding: utf-8~n~tp.~n", [expanded]))
    expanded
  end

  defp environments, do: for({app, _, _} <- Application.loaded_applications(), do: {app, Application.get_all_env(app)})

  # Erlang makes each app's environment anew. What code put there itself, and no config ever spoke of, stays.
  defp keep_what_code_set(before, former, config) do
    {:ok, [was]} = :file.consult(to_charlist("#{former}/sys.config"))

    for {app, values} <- before, {key, value} <- values, Application.fetch_env(app, key) == :error do
      unless Keyword.has_key?(was[app] || [], key) or Keyword.has_key?(config[app] || [], key), do: Application.put_env(app, key, value)
    end
  end

  defp use_protocols(from, version) do
    folder = "#{@root}/releases/#{version}/consolidated"

    for file <- Path.wildcard("#{folder}/*.beam"), module = file |> Path.basename(".beam") |> String.to_atom() do
      {:ok, {_, md5}} = :beam_lib.md5(to_charlist(file))
      if :code.is_loaded(module) != false and module.module_info(:md5) != md5, do: {:code.purge(module), :code.load_abs(to_charlist(Path.rootname(file)))}
    end

    :code.del_path(to_charlist("#{@root}/releases/#{from}/consolidated"))
    :code.add_patha(to_charlist(folder))
  end

  defp change_environment do
    for entry <- @env |> File.read!() |> String.split(<<0>>, trim: true) do
      [name | value] = String.split(entry, "=", parts: 2)
      before = System.get_env(name)
      if value == [], do: System.delete_env(name), else: System.put_env(name, hd(value))
      {name, before}
    end
  end

  defp restore_environment(set), do: for({name, before} <- set, do: if(before, do: System.put_env(name, before), else: System.delete_env(name)))

  defp refuse(sentence), do: throw({:refused, sentence})
end

Phial.HotUpgrade.run()
:code.delete(Phial.HotUpgrade)
:code.purge(Phial.HotUpgrade)
