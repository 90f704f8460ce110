import { hash, verify } from "@node-rs/argon2"

/** argon2id (the library's default kind) at OWASP's first choice: 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Of nothing anybody knows: checked where there is no account, so that the answer takes as long. */
const NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$cpsDmENtxzC4BnvHyZydAA$b1Mmkd3UITiEt7qwzCzPOSECSCHMWYrcB75APniznTw"

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST)
}

/** @param stored the account's hash, or `null` for no account: that takes the same time and is never right. */
export async function isPassword(stored: string | null, given: string): Promise<boolean> {
  const isRight = await verify(stored ?? NOBODYS_HASH, given)
  return isRight && stored !== null
}
