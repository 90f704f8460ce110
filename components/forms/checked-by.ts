import type { FieldValues, Resolver } from "react-hook-form"
import type { z } from "zod"

/** The verb's own schema, or how to load it: a page that is only looked at then never loads what checks its forms. */
export type Schema<Values> = z.ZodType<unknown, Values> | (() => Promise<z.ZodType<unknown, Values>>)

/** Checks as the server will. The values stay as they were typed: the verb parses its input itself. */
export function checkedBy<Values extends FieldValues>(schema: Schema<Values>): Resolver<Values> {
  return async (values, context, options) => {
    const [{ zodResolver }, loaded] = await Promise.all([
      import("@hookform/resolvers/zod"),
      typeof schema === "function" ? schema() : schema,
    ])
    const resolve = zodResolver(loaded as z.ZodType<Values, Values>, undefined, { raw: true })
    return resolve(values, context, options)
  }
}
