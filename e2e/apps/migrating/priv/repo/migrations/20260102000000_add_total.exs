defmodule Migrating.Repo.Migrations.AddTotal do
  use Ecto.Migration

  def change do
    if System.get_env("LOCKED"), do: raise("relation carts is locked")
    execute("ALTER TABLE carts ADD COLUMN total bigint")
  end
end
