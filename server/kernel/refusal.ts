import { z } from "zod"
import { AppError, type ErrorCode, type FieldErrors, unreachable } from "./errors"

/**
 * What a thrown value means to the asker.
 * @returns the refusal (a failed zod parse is one too), or `null` for a bug of ours.
 */
export function refusalOf(thrown: unknown): AppError | null {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof z.ZodError) return invalidInput(thrown)
  return null
}

function invalidInput(error: z.ZodError): AppError {
  const fields: FieldErrors = {}
  for (const issue of error.issues) {
    const field = issue.path.map(String).join(".")
    fields[field] = [...(fields[field] ?? []), issue.message]
  }
  return new AppError("invalid", error.issues[0]?.message ?? "Invalid input.", { fields, cause: error })
}

/** The HTTP status of a refusal (gigalixir.md A.0): 303 without a Location is how the CLI learns of a second factor. */
export function statusOf(code: ErrorCode): number {
  switch (code) {
    case "invalid":
      return 422
    case "unauthenticated":
      return 401
    case "second_factor_required":
      return 303
    case "forbidden":
      return 403
    case "not_found":
      return 404
    case "conflict":
      return 409
    case "rate_limited":
      return 429
    case "unavailable":
      return 503
    default:
      return unreachable(code)
  }
}
