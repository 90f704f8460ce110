import { embeddedSlugStore } from "@/server/drivers/slug-store/embedded"
import type { SlugStore } from "@/server/drivers/slug-store/port"
import { s3SlugStore } from "@/server/drivers/slug-store/s3"
import type { Parts } from "@/server/kernel/context"
import type { Env } from "@/server/kernel/env"

/** The storage that the operator named, else files in the home. All processes of one instance must choose the same. */
export function slugStoreOf(env: Env, parts: Pick<Parts, "clock" | "secrets">): SlugStore {
  return env.slugBucket ? s3SlugStore({ ...parts, bucket: env.slugBucket }) : embeddedSlugStore({ ...parts, dir: env.home.slugs })
}
