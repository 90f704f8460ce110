/** A release's summary: what stands in backticks there is a name. */
export function Summary({ text }: { text: string }) {
  return text.split("`").map((part, i) =>
    i % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have nothing but their place.
      <code key={i} className="font-mono text-[0.94em] text-ink">
        {part}
      </code>
    ) : (
      part
    ),
  )
}
