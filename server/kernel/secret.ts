import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import { inspect } from "node:util"

/** A value that must not leak by accident: prints `[redacted]`, will not serialise, and needs `.reveal()`. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return "[redacted]"
  }

  toJSON(): never {
    throw new Error("a Secret must not be serialised: reveal it where it is needed")
  }

  [inspect.custom](): string {
    return "[redacted]"
  }
}

const CIPHER = "aes-256-gcm"
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts with a data key of its own, wrapped by one of the platform's keys (`PHIAL_SECRET_KEY`). The first key encrypts;
 * any of them decrypts, so that keys can be rotated while running.
 */
export class SecretBox {
  readonly #keys: ReadonlyArray<{ id: string; key: Buffer }>

  /** @param keys base64 of 32 bytes each. */
  constructor(keys: readonly string[]) {
    this.#keys = keys.map((text) => {
      const key = Buffer.from(text, "base64")
      if (key.length !== 32) throw new Error("PHIAL_SECRET_KEY: each key is 32 bytes in base64")
      return { id: createHash("sha256").update(key).digest("hex").slice(0, 8), key }
    })
    if (this.#keys.length === 0) throw new Error("PHIAL_SECRET_KEY: at least one key is needed")
  }

  /** @returns `keyId.wrappedDataKey.sealedValue`, the last two in base64url. */
  seal(value: string): string {
    const { id, key } = this.#first()
    const dataKey = randomBytes(32)
    return [id, encrypt(key, dataKey).toString("base64url"), encrypt(dataKey, Buffer.from(value)).toString("base64url")].join(".")
  }

  /** @returns the value, or `null` when no key of ours opens it: it then shows as undecryptable and breaks nothing else. */
  open(sealed: string): Secret | null {
    const [id, wrapped, body] = sealed.split(".")
    const holder = this.#keys.find((candidate) => candidate.id === id)
    if (!holder || !wrapped || !body) return null
    try {
      const dataKey = decrypt(holder.key, Buffer.from(wrapped, "base64url"))
      return new Secret(decrypt(dataKey, Buffer.from(body, "base64url")).toString())
    } catch {
      return null
    }
  }

  /** A keyed digest: tells whether two values are equal without keeping either. Also signs URLs. */
  digest(value: string): string {
    return createHmac("sha256", this.#first().key).update(value).digest("base64url")
  }

  #first() {
    const first = this.#keys[0]
    if (!first) throw new Error("invariant: a SecretBox has a key")
    return first
  }
}

/** A new random token for a session, a key or a link: 32 bytes in base64url (43 characters). */
export function newToken(): string {
  return randomBytes(32).toString("base64url")
}

/** What is stored of a token: its SHA-256 in hex. Tokens are random, so a plain hash is enough. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex")
}

/** Compares in constant time. */
export function sameText(a: string, b: string): boolean {
  const left = createHash("sha256").update(a).digest()
  return timingSafeEqual(left, createHash("sha256").update(b).digest())
}

function encrypt(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final()])
}
