defmodule Counter.Http do
  @moduledoc "Reads requests and writes answers."

  @max_body 100_000_000

  def read(socket) do
    with {:ok, {:http_request, method, {:abs_path, target}, version}} <- :gen_tcp.recv(socket, 0, 60_000),
         {:ok, headers} <- headers(socket, %{}),
         :ok <- skip_body(socket, headers) do
      [path | _] = String.split(target, "?")
      keep = version == {1, 1} and String.downcase(Map.get(headers, "connection", "")) != "close"
      {:ok, %{method: to_string(method), path: path, headers: headers, keep_alive: keep}}
    else
      _ -> :closed
    end
  end

  defp headers(socket, known) do
    case :gen_tcp.recv(socket, 0, 10_000) do
      {:ok, {:http_header, _, name, _, value}} -> headers(socket, Map.put(known, String.downcase(to_string(name)), value))
      {:ok, :http_eoh} -> {:ok, known}
      _ -> :closed
    end
  end

  defp skip_body(socket, headers) do
    case Integer.parse(Map.get(headers, "content-length", "0")) do
      {0, _} ->
        :ok

      {length, _} when length <= @max_body ->
        :inet.setopts(socket, packet: :raw)
        result = :gen_tcp.recv(socket, length, 60_000)
        :inet.setopts(socket, packet: :http_bin)
        if match?({:ok, _}, result), do: :ok, else: :closed

      _ ->
        :closed
    end
  end

  def write(socket, status, type, body, keep_alive) do
    :gen_tcp.send(socket, [
      "HTTP/1.1 #{status}\r\ncontent-type: #{type}\r\ncontent-length: #{byte_size(body)}\r\n",
      "connection: #{if keep_alive, do: "keep-alive", else: "close"}\r\n\r\n",
      body
    ])
  end
end
