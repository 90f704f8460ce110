defmodule Counter.Routes do
  @moduledoc "What the server answers."

  @ok "200 OK"
  @text "text/plain; charset=utf-8"

  def answer("GET", "/healthz"), do: {@ok, @text, "ok"}
  def answer("GET", "/"), do: {@ok, @text, "#{Application.fetch_env!(:counter, :greeting)} from version 1\n"}
  def answer("GET", "/count"), do: {@ok, @text, "#{Counter.value()}"}
  def answer("POST", "/count"), do: {@ok, @text, "#{Counter.increment()}"}
  def answer("GET", "/nodes"), do: {@ok, @text, [node() | Node.list()] |> Enum.sort() |> Enum.join("\n")}
  def answer("GET", "/env"), do: {@ok, @text, System.get_env() |> Enum.sort() |> Enum.map_join("\n", fn {k, v} -> "#{k}=#{v}" end)}

  def answer("GET", "/slow") do
    Process.sleep(2_000)
    {@ok, @text, "slow"}
  end

  def answer("POST", "/crash") do
    spawn(fn -> System.halt(3) end)
    {@ok, @text, "crashing"}
  end

  def answer(_, _), do: {"404 Not Found", @text, "there is nothing here"}
end
