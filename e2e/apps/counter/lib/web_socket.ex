defmodule Counter.WebSocket do
  @moduledoc "RFC 6455: echoes messages, answers pings, pushes the count at each change as `count <n>`."
  import Bitwise

  alias Counter.Http

  @guid "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
  @continuation 0
  @text 1
  @binary 2
  @close 8
  @ping 9
  @pong 10
  @max_message 1_000_000

  def serve(socket, %{headers: %{"sec-websocket-key" => key, "sec-websocket-version" => "13"}}) do
    accept = Base.encode64(:crypto.hash(:sha, key <> @guid))

    :ok =
      :gen_tcp.send(socket, [
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n",
        "sec-websocket-accept: #{accept}\r\n\r\n"
      ])

    :inet.setopts(socket, packet: :raw, active: :once)
    push(socket, Counter.subscribe())
    loop(socket, <<>>, nil)
  end

  def serve(socket, _request) do
    Http.write(socket, "426 Upgrade Required", "text/plain", "a WebSocket of version 13 is served here", false)
    :gen_tcp.close(socket)
  end

  # `message` is what a fragmented message has so far, with its opcode.
  defp loop(socket, buffer, message) do
    case frame(buffer) do
      {:ok, frame, rest} ->
        case handle(socket, frame, message) do
          {:on, message} -> loop(socket, rest, message)
          :done -> :gen_tcp.close(socket)
        end

      :more ->
        receive do
          {:tcp, ^socket, data} ->
            :inet.setopts(socket, active: :once)
            loop(socket, buffer <> data, message)

          {:count, count} ->
            push(socket, count)
            loop(socket, buffer, message)

          {:tcp_closed, ^socket} ->
            :ok

          {:tcp_error, ^socket, _} ->
            :ok
        end

      {:error, code} ->
        send_frame(socket, @close, <<code::16>>)
        :gen_tcp.close(socket)
    end
  end

  # Clients mask; an unmasked frame is a protocol error.
  defp frame(<<_::8, 0::1, _::7, _::binary>>), do: {:error, 1002}
  defp frame(<<_::1, rsv::3, _::12, _::binary>>) when rsv != 0, do: {:error, 1002}
  defp frame(<<_::9, 127::7, length::64, _::binary>>) when length > @max_message, do: {:error, 1009}

  defp frame(<<fin::1, _::3, opcode::4, 1::1, 127::7, length::64, mask::binary-4, data::binary-size(length), rest::binary>>),
    do: {:ok, {fin, opcode, unmask(data, mask)}, rest}

  defp frame(<<fin::1, _::3, opcode::4, 1::1, 126::7, length::16, mask::binary-4, data::binary-size(length), rest::binary>>),
    do: {:ok, {fin, opcode, unmask(data, mask)}, rest}

  defp frame(<<fin::1, _::3, opcode::4, 1::1, length::7, mask::binary-4, data::binary-size(length), rest::binary>>) when length < 126,
    do: {:ok, {fin, opcode, unmask(data, mask)}, rest}

  defp frame(_), do: :more

  defp unmask(data, mask) do
    key = :binary.copy(mask, div(byte_size(data) + 3, 4)) |> binary_part(0, byte_size(data))
    :crypto.exor(data, key)
  end

  defp handle(socket, {1, @ping, data}, message), do: {sent(send_frame(socket, @pong, data)), message}
  defp handle(_socket, {1, @pong, _}, message), do: {:on, message}

  defp handle(socket, {1, @close, data}, _message) do
    send_frame(socket, @close, binary_part(data, 0, min(2, byte_size(data))))
    :done
  end

  defp handle(socket, {1, opcode, data}, nil) when opcode in [@text, @binary] do
    send_frame(socket, opcode, data)
    {:on, nil}
  end

  defp handle(_socket, {0, opcode, data}, nil) when opcode in [@text, @binary], do: {:on, {opcode, data}}

  defp handle(socket, {fin, @continuation, data}, {opcode, before}) when byte_size(before) + byte_size(data) <= @max_message do
    if fin == 1 do
      send_frame(socket, opcode, before <> data)
      {:on, nil}
    else
      {:on, {opcode, before <> data}}
    end
  end

  defp handle(socket, _frame, _message) do
    send_frame(socket, @close, <<1002::16>>)
    :done
  end

  defp sent(_), do: :on

  defp push(socket, count), do: send_frame(socket, @text, "count #{count}")

  defp send_frame(socket, opcode, data), do: :gen_tcp.send(socket, [header(opcode, byte_size(data)), data])

  defp header(opcode, length) when length < 126, do: <<0x80 ||| opcode, length>>
  defp header(opcode, length) when length < 65_536, do: <<0x80 ||| opcode, 126, length::16>>
  defp header(opcode, length), do: <<0x80 ||| opcode, 127, length::64>>
end
