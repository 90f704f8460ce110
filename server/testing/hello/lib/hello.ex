defmodule Hello do
  @moduledoc "Answers over HTTP without a dependency, and does on request what an app may do to itself."

  use Application

  def start(_type, _args) do
    Process.sleep(String.to_integer(System.get_env("START_MS", "0")))
    if System.get_env("CRASH_AT_START"), do: raise("told to")
    children = if System.get_env("NEVER_LISTEN"), do: [], else: [{Task, &listen/0}]
    Supervisor.start_link(children, strategy: :one_for_one)
  end

  defp listen do
    port = String.to_integer(System.get_env("PORT", "4000"))
    {:ok, socket} = :gen_tcp.listen(port, [:binary, packet: :http_bin, active: false, reuseaddr: true, backlog: 512])
    accept(socket)
  end

  defp accept(socket) do
    {:ok, client} = :gen_tcp.accept(socket)
    pid = spawn(fn -> receive(do: (:go -> serve(client))) end)
    :gen_tcp.controlling_process(client, pid)
    send(pid, :go)
    accept(socket)
  end

  defp serve(client) do
    case :gen_tcp.recv(client, 0) do
      {:ok, {:http_request, _method, {:abs_path, path}, _version}} ->
        skip_headers(client)
        {status, body} = answer(String.split(path, "/", trim: true))
        :gen_tcp.send(client, "HTTP/1.1 #{status}\r\nconnection: close\r\ncontent-length: #{byte_size(body)}\r\n\r\n#{body}")
        :gen_tcp.close(client)

      _ ->
        :gen_tcp.close(client)
    end
  end

  defp skip_headers(client) do
    case :gen_tcp.recv(client, 0) do
      {:ok, :http_eoh} -> :ok
      {:ok, _header} -> skip_headers(client)
      _ -> :ok
    end
  end

  defp answer([]), do: {"200 OK", "hello from #{node()}"}
  defp answer(["env", name]), do: {"200 OK", System.get_env(name, "")}
  defp answer(["nodes"]), do: {"200 OK", Node.list() |> Enum.sort() |> Enum.join(" ")}
  defp answer(["connect", name]), do: {"200 OK", inspect(Node.connect(String.to_atom(name)))}
  defp answer(["halt", code]), do: System.halt(String.to_integer(code))
  defp answer(["eat"]), do: {"200 OK", "#{byte_size(:binary.copy("x", 4_000_000_000))}"}
  defp answer(["sleep", ms]), do: {Process.sleep(String.to_integer(ms)) && "200 OK", "slept"}
  defp answer(_), do: {"404 Not Found", ""}
end
