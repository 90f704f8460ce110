const WIDTH = 96
const HEIGHT = 24

/**
 * A small line of values; gaps where there is none.
 * @param props.label what it shows and its last value, in words.
 */
export function Sparkline({ points, label, max }: { points: (number | null)[]; label: string; max?: number }) {
  const top = Math.max(max ?? 0, ...points.map((point) => point ?? 0), Number.MIN_VALUE)
  const step = WIDTH / Math.max(1, points.length - 1)
  const line = points
    .map((point, i) =>
      point === null
        ? null
        : `${points[i - 1] == null ? "M" : "L"}${(i * step).toFixed(1)} ${(HEIGHT - 1 - (point / top) * (HEIGHT - 2)).toFixed(1)}`,
    )
    .filter(Boolean)
    .join("")
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="h-6 w-24 overflow-visible">
      <path d={line} fill="none" stroke="var(--accent-text)" strokeWidth="1.5" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
