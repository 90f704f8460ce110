defmodule Phial.Refusal do
  @moduledoc "One sentence that says why an upgrade in place is not possible, and what to do."
  defexception [:message]
  def because(sentence), do: raise(__MODULE__, message: sentence)
end

defmodule Phial.Changes do
  @moduledoc """
  What an app's modules need when they change under running processes, where its authors did not say so in an appup. Refuses where the
  compiled code shows that the state of running processes, or what they are, may not fit: see docs/decisions/091.
  """
  alias Phial.{Beam, Refusal}

  @supervisors [Supervisor, :supervisor, DynamicSupervisor]
  @stateful [GenServer, :gen_server, :gen_statem, :gen_event, :gen_fsm, GenStage, :gen_stage, :supervisor_bridge]
  @code_changes [{:code_change, 3}, {:code_change, 4}]

  @doc "`app` has its name, both versions and both folders. Protocols are left out: the release has them consolidated."
  def of(app, protocols) do
    {old, new} = {Beam.all("#{app.old}/ebin"), Beam.all("#{app.new}/ebin")}
    changed = for {module, beam} <- new, before = old[module], before.md5 != beam.md5, module not in protocols, do: {before, beam}
    refuse_native(app, changed)
    refuse_structs(app, changed)

    %{
      added: for({module, _} <- new, not is_map_key(old, module), module not in protocols, do: module) |> Enum.sort(),
      removed: for({module, _} <- old, not is_map_key(new, module), do: module) |> Enum.sort(),
      changed: for({before, beam} <- changed, do: {beam.module, how(app, before, beam)}) |> Enum.sort()
    }
  end

  @doc "The instructions of an appup. Nothing is purged that still runs: the upgrade is refused instead."
  def instructions(changes) do
    for(module <- changes.added, do: {:add_module, module}) ++
      for({module, how} <- changes.changed, do: instruction(module, how)) ++
      for(module <- changes.removed, do: {:delete_module, module})
  end

  defp instruction(module, :supervisor), do: {:update, module, :supervisor}
  defp instruction(module, :code_change), do: {:update, module, {:advanced, []}, :soft_purge, :soft_purge, []}
  defp instruction(module, :paused), do: {:update, module, :soft, :soft_purge, :soft_purge, []}
  defp instruction(module, :load), do: {:load_module, module, :soft_purge, :soft_purge, []}

  defp how(app, before, beam) do
    behaviours = Beam.behaviours(beam)

    cond do
      Enum.any?(@supervisors, &(&1 in behaviours)) -> supervisor(app, before, beam)
      own_code_change?(beam) and Enum.any?(@stateful, &(&1 in behaviours)) -> :code_change
      Enum.any?(@stateful, &(&1 in behaviours)) -> stateful(app, before, beam)
      Enum.any?([Application, :application], &(&1 in behaviours)) -> application(app, before, beam)
      true -> agent(app, before, beam)
    end
  end

  # A supervisor takes new specifications over, but starts and ends no child for them.
  defp supervisor(app, before, beam) do
    if differs?(before, beam, [{:init, 1}]) do
      Refusal.because("What the supervisor #{inspect(beam.module)} starts changed (init/1), and an upgrade in place starts nothing anew. #{appup(app)}")
    end

    :supervisor
  end

  defp application(app, before, beam) do
    if differs?(before, beam, [{:start, 2}]) do
      Refusal.because("What #{inspect(beam.module)} starts changed (start/2), and an upgrade in place starts nothing anew. #{appup(app)}")
    end

    :load
  end

  defp stateful(app, before, beam) do
    if differs?(before, beam, [{:init, 1}]) do
      Refusal.because("The state that #{inspect(beam.module)} begins with changed (init/1), and it has no code_change/3 that takes a running one over. Write one, or: #{appup(app)}")
    end

    :paused
  end

  # An agent's state is made by whoever starts it.
  defp agent(app, before, beam) do
    starts = for(one <- [before, beam], do: Beam.functions_with(one, &starts_agent?/1)) |> Enum.concat() |> Enum.uniq()

    if differs?(before, beam, starts) do
      Refusal.because("The state of the agent that #{inspect(beam.module)} starts changed, and an agent cannot take it over. #{appup(app)}")
    end

    :load
  end

  defp starts_agent?(code) do
    Enum.any?(code, fn instruction ->
      is_tuple(instruction) and Enum.any?(Tuple.to_list(instruction), &match?({:extfunc, Agent, start, _} when start in [:start, :start_link], &1))
    end)
  end

  defp differs?(before, beam, roots), do: Beam.closure(before, roots) != Beam.closure(beam, roots)

  # `use GenServer` brings one that answers {:ok, state} and nothing else.
  defp own_code_change?(beam) do
    for(function <- @code_changes, code = Beam.closure(beam, [function])[function], do: Enum.reject(code, &frame?/1))
    |> Enum.any?(&(&1 != [{:put_tuple2, {:x, 0}, {:list, [{:atom, :ok}, {:x, 1}]}}, :return]))
  end

  defp frame?(instruction), do: is_tuple(instruction) and elem(instruction, 0) in [:label, :test_heap]

  defp refuse_native(app, changed) do
    for {_, beam} <- changed, Beam.on_load?(beam) do
      Refusal.because("#{inspect(beam.module)} of #{app.name} has native code, which cannot be replaced in a running node.")
    end

    natives = fn folder -> for file <- Path.wildcard("#{folder}/priv/**/*.so"), into: %{}, do: {Path.relative_to(file, folder), File.read!(file)} end

    if natives.(app.old) != natives.(app.new) do
      Refusal.because("The native code in priv/ of #{app.name} changed, which cannot be replaced in a running node.")
    end
  end

  # Structs lie in processes and tables that no code shows. One that a code_change speaks of is taken care of.
  defp refuse_structs(app, changed) do
    carers = for {_, beam} <- changed, own_code_change?(beam), do: beam

    for {before, beam} <- changed, fields = Beam.fields(beam), old = Beam.fields(before), old != fields, not cared_for?(beam, carers) do
      words = for {verb, names} <- [{"added", fields -- old}, {"removed", old -- fields}], names != [], do: "#{verb} #{Enum.map_join(names, ", ", &inspect/1)}"
      Refusal.because("The fields of the struct %#{inspect(beam.module)}{} changed (#{Enum.join(words, "; ")}), and running processes may hold old ones. Take them over in a code_change/3 that names it, or: #{appup(app)}")
    end
  end

  defp cared_for?(struct, carers) do
    Enum.any?(carers, &(&1.module == struct.module or Beam.mentions?(Map.values(Beam.closure(&1, @code_changes)), struct.module)))
  end

  defp appup(app), do: "Say what to do in rel/appups/#{app.name}/#{app.from}_to_#{app.to}.appup."
end
