defmodule Migrating.Server do
  @moduledoc "Answers each connection with one text."
  use Task, restart: :permanent

  @body "the shop is open\n"

  def start_link(_), do: Task.start_link(__MODULE__, :listen, [])

  def listen do
    port = String.to_integer(System.get_env("PORT", "4000"))
    {:ok, listener} = :gen_tcp.listen(port, [:binary, packet: :raw, active: false, reuseaddr: true, ip: {0, 0, 0, 0}])
    accept(listener)
  end

  defp accept(listener) do
    {:ok, socket} = :gen_tcp.accept(listener)
    spawn(fn -> answer(socket) end)
    accept(listener)
  end

  defp answer(socket) do
    with {:ok, _request} <- :gen_tcp.recv(socket, 0, 10_000) do
      :gen_tcp.send(socket, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: #{byte_size(@body)}\r\n\r\n#{@body}")
    end

    :gen_tcp.close(socket)
  end
end
