/**
 * What a request can be refused with. A closed union: each transport (action, REST, git, SSH) maps every code exactly once.
 * What one may not see is `not_found`; `forbidden` is for what one sees but may not do.
 */
export type ErrorCode =
  | "invalid"
  | "unauthenticated"
  | "second_factor_required"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "rate_limited"
  | "unavailable"

/** Messages by field; the key `""` holds what belongs to no field. The shape of the API's `errors`. */
export type FieldErrors = Record<string, string[]>

/** A refusal that the asker may read. Anything else that is thrown is a bug and shows a request id only. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly fields: FieldErrors
  /** For `rate_limited` and `unavailable`: when it is worth trying again. */
  readonly retryAfterSeconds: number | null

  constructor(code: ErrorCode, message: string, options: { fields?: FieldErrors; cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause })
    this.name = "AppError"
    this.code = code
    this.fields = options.fields ?? { "": [message] }
    this.retryAfterSeconds = options.retryAfterSeconds ?? null
  }
}

/** A refusal that belongs to one field of the input. */
export function fieldError(field: string, message: string): AppError {
  return new AppError("invalid", message, { fields: { [field]: [message] } })
}

/** @throws Error when `condition` does not hold: a bug of ours, never the asker's fault. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`)
}

/** For the `default` of a switch over a closed union: the compiler refuses a forgotten case. */
export function unreachable(value: never): never {
  throw new Error(`invariant: unexpected ${JSON.stringify(value)}`)
}
