import type { SlugStore } from "@/server/drivers/slug-store/port"
import { AppError } from "@/server/kernel/errors"

/** As with the other parts: what Next's bundle and its process share hangs on `globalThis`. */
const holder = globalThis as { phialSlugStore?: SlugStore }

/** Gives the store that `server/main` chose to the routes. */
export function shareSlugStore(store: SlugStore): void {
  holder.phialSlugStore = store
}

/** @throws AppError `unavailable` in a process that was given none. */
export function slugStore(): SlugStore {
  if (!holder.phialSlugStore) throw new AppError("unavailable", "This process has no slug store.")
  return holder.phialSlugStore
}
