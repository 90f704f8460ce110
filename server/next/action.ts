import "server-only"
import { headers } from "next/headers"
import { unstable_rethrow } from "next/navigation"
import type { z } from "zod"
import type { Ctx } from "@/server/kernel/context"
import { AppError, type ErrorCode, type FieldErrors } from "@/server/kernel/errors"
import { pageCtx } from "./context"
import { failureOf } from "./failure"
import { isSameOrigin } from "./origin"
import { serverParts } from "./parts"

export interface ActionError {
  code: ErrorCode | "failed"
  message: string
  /** Messages by field of the input; `""` holds what belongs to none. */
  fields: FieldErrors
  /** Of a bug of ours: what the log calls it. */
  requestId?: string
}

export type ActionResult<T> = { ok: true; data: T } | { ok: false; error: ActionError }

/**
 * Makes a server action of a verb: session, origin, parsing, and errors as a value, since Next masks what an action throws.
 * The verb gets the input as it came and parses it again: it is called from elsewhere too.
 * What it returns goes to the browser: plain values only.
 */
export function action<S extends z.ZodType, T>(
  schema: S,
  verb: (ctx: Ctx, input: z.input<S>) => Promise<T>,
): (input: z.input<S>) => Promise<ActionResult<T>> {
  return async (input) => {
    try {
      if (!isSameOrigin(await headers())) throw new AppError("forbidden", "This change did not come from this dashboard.")
      schema.parse(input)
      return { ok: true, data: await verb(await pageCtx(), input) }
    } catch (thrown) {
      unstable_rethrow(thrown)
      return { ok: false, error: actionError(thrown, verb.name) }
    }
  }
}

function actionError(thrown: unknown, at: string): ActionError {
  const failure = failureOf(thrown, serverParts().log, at)
  if (failure.refusal) {
    const { code, message, fields } = failure.refusal
    return { code, message, fields }
  }
  return { code: "failed", message: failure.message, fields: {}, requestId: failure.requestId }
}
