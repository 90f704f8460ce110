defmodule Migrating.Repo.Migrations.CreateCarts do
  use Ecto.Migration

  def change, do: execute("CREATE TABLE carts (id bigserial PRIMARY KEY)")
end
