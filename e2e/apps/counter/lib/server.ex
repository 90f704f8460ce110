defmodule Counter.Server do
  @moduledoc "A small HTTP/1.1 server: one process accepts, one process a connection."
  use Task, restart: :permanent

  alias Counter.{Http, Routes, WebSocket}

  def start_link(port), do: Task.start_link(__MODULE__, :listen, [port])

  def listen(port) do
    options = [:binary, packet: :http_bin, active: false, reuseaddr: true, backlog: 1024, ip: {0, 0, 0, 0}]
    {:ok, listener} = :gen_tcp.listen(port, options)
    IO.puts("listening on #{port}")
    accept(listener)
  end

  defp accept(listener) do
    {:ok, socket} = :gen_tcp.accept(listener)
    pid = spawn(fn -> receive do: (:go -> serve(socket)) end)
    :ok = :gen_tcp.controlling_process(socket, pid)
    send(pid, :go)
    accept(listener)
  end

  defp serve(socket) do
    case Http.read(socket) do
      {:ok, %{path: "/ws"} = request} ->
        WebSocket.serve(socket, request)

      {:ok, request} ->
        {status, type, body} = Routes.answer(request.method, request.path)
        :ok = Http.write(socket, status, type, body, request.keep_alive)
        if request.keep_alive, do: serve(socket), else: :gen_tcp.close(socket)

      :closed ->
        :gen_tcp.close(socket)
    end
  end
end
