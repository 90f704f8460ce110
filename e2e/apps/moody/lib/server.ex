defmodule Moody.Server do
  @moduledoc "Answers each request with one text; one process accepts, one process a connection."
  use Task, restart: :permanent

  def start_link(_), do: Task.start_link(__MODULE__, :listen, [])

  def listen do
    port = Application.fetch_env!(:moody, :port)
    {:ok, listener} = :gen_tcp.listen(port, [:binary, packet: :http_bin, active: false, reuseaddr: true, ip: {0, 0, 0, 0}])
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
    with {:ok, {:http_request, _, _, _}} <- :gen_tcp.recv(socket, 0, 60_000), :ok <- skip_headers(socket) do
      body = "in a good mood\n"
      :gen_tcp.send(socket, "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: #{byte_size(body)}\r\n\r\n#{body}")
      serve(socket)
    else
      _ -> :gen_tcp.close(socket)
    end
  end

  defp skip_headers(socket) do
    case :gen_tcp.recv(socket, 0, 10_000) do
      {:ok, :http_eoh} -> :ok
      {:ok, {:http_header, _, _, _, _}} -> skip_headers(socket)
      other -> other
    end
  end
end
