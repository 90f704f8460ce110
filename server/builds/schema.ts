import * as z from "zod"

const App = z.string().min(1)

export const RequestBuildInput = z.object({
  app: App,
  /** Made by the caller, who put the source at `<home.sources>/<id>.tar` before. */
  id: z.uuid(),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** Of the commit, whole. */
  message: z.string(),
  branch: z.string(),
  cleanCache: z.boolean().default(false),
  hotUpgrade: z.boolean().default(false),
})

/** `build` is the id or the number within the app. */
export const CancelBuildInput = z.object({ app: App, build: z.string() })
