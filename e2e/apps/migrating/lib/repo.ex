defmodule Migrating.Repo do
  use Ecto.Repo, otp_app: :migrating, adapter: Ecto.Adapters.Told
end
