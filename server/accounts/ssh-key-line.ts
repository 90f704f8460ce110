import { createHash } from "node:crypto"

export interface SshKeyLine {
  /** `type base64 comment`, without what else stood around it. */
  line: string
  /** `SHA256:…` as `ssh-keygen -l` prints it. */
  fingerprint: string
  comment: string
}

/** What a key's data holds after its type: the names of its fields, in RFC 4253 (6.6), 5656 (3.1), 8709 (4) and PROTOCOL.u2f. */
const fieldsOf: Record<string, readonly string[]> = {
  "ssh-ed25519": ["key"],
  "ssh-rsa": ["exponent", "modulus"],
  "ecdsa-sha2-nistp256": ["curve", "key"],
  "ecdsa-sha2-nistp384": ["curve", "key"],
  "ecdsa-sha2-nistp521": ["curve", "key"],
  "sk-ssh-ed25519@openssh.com": ["key", "application"],
  "sk-ecdsa-sha2-nistp256@openssh.com": ["curve", "key", "application"],
}

const keyBytes: Record<string, number> = {
  "ssh-ed25519": 32,
  "sk-ssh-ed25519@openssh.com": 32,
  "ecdsa-sha2-nistp256": 65,
  "sk-ecdsa-sha2-nistp256@openssh.com": 65,
  "ecdsa-sha2-nistp384": 97,
  "ecdsa-sha2-nistp521": 133,
}
const RSA_MIN_BITS = 2048
const RSA_MAX_BITS = 16_384
const LONGEST_COMMENT = 200

/**
 * Reads one public key as `ssh-keygen` writes it into a `.pub` file.
 * @returns a sentence instead where it is none that sshd would take.
 */
export function parseSshKey(text: string): SshKeyLine | string {
  const trimmed = text.trim()
  if (trimmed.includes("PRIVATE KEY")) return "This is a private key: keep it to yourself and paste the .pub file instead."
  if (/[\r\n\0]/.test(trimmed)) return "Paste one key, on one line."
  const [type = "", base64 = "", ...rest] = trimmed.split(/[ \t]+/)
  const names = Object.hasOwn(fieldsOf, type) ? fieldsOf[type] : undefined
  if (!names)
    return type.startsWith("ssh-dss") ? "DSA keys are no longer safe: use ed25519." : "This is not a public key that OpenSSH writes."
  const blob = decodedBase64(base64)
  const fields = blob && fieldsIn(blob)
  if (!blob || !fields || fields.length !== names.length + 1) return "This key is damaged: copy the whole line again."
  const wrong = whatIsWrong(type, fields)
  if (wrong) return wrong
  const comment = rest.join(" ").slice(0, LONGEST_COMMENT)
  const fingerprint = `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`
  return { line: [type, base64, comment].filter(Boolean).join(" "), fingerprint, comment }
}

function whatIsWrong(type: string, [typeInside, ...fields]: Buffer[]): string | null {
  if (typeInside?.toString() !== type) return "This key is damaged: it says one type and holds another."
  if (type === "ssh-rsa") return rsaProblem(fields[1] ?? Buffer.alloc(0))
  const curve = /nistp\d+/.exec(type)?.[0]
  if (curve && fields[0]?.toString() !== curve) return "This key is damaged: it says one curve and holds another."
  const key = fields[curve ? 1 : 0]
  return key?.length === keyBytes[type] ? null : "This key is damaged: its length is wrong."
}

function rsaProblem(modulus: Buffer): string | null {
  const bits = BigInt(`0x${modulus.toString("hex") || "0"}`).toString(2).length
  if (bits < RSA_MIN_BITS) return `RSA keys need ${RSA_MIN_BITS} bits at least, this one has ${bits}: use ed25519.`
  return bits > RSA_MAX_BITS ? `RSA keys have ${RSA_MAX_BITS} bits at most.` : null
}

/** @returns `null` unless it is base64 without a wrong or missing character. */
function decodedBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64")
  return bytes.length > 0 && bytes.toString("base64") === text ? bytes : null
}

/** Length-prefixed strings (RFC 4251, 5). @returns `null` when they do not end where the data ends. */
function fieldsIn(blob: Buffer): Buffer[] | null {
  const fields: Buffer[] = []
  let at = 0
  while (at < blob.length) {
    if (at + 4 > blob.length) return null
    const end = at + 4 + blob.readUInt32BE(at)
    if (end > blob.length) return null
    fields.push(blob.subarray(at + 4, end))
    at = end
  }
  return fields
}
