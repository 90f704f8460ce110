/** What a colour may mean. Each has its own icon in `status.tsx`, so that no meaning hangs on colour alone. */
export type Tone = "good" | "warn" | "bad" | "info" | "neutral"
