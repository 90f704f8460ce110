import Link from "next/link"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"

/** Which two were chosen so far, and the way to see them side by side. */
export function CompareBar({ app, chosen, onEnd }: { app: string; chosen: number[]; onEnd: () => void }) {
  const [first, second] = [...chosen].sort((a, b) => a - b)
  return (
    <section
      aria-label="Comparison"
      className="sticky bottom-4 z-20 mt-4 flex animate-rise flex-wrap items-center justify-between gap-3 rounded-lg bg-raised px-5 py-3.5 shadow-float"
    >
      <p role="status" className="min-w-0 flex-1 basis-48 text-ink">
        {first === undefined ? "Choose two releases." : second === undefined ? `v${first}, and which other?` : `v${first} and v${second}`}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button variant="ghost" onClick={onEnd}>
          Cancel
        </Button>
        {first === undefined || second === undefined ? (
          <Button variant="primary" reason="Choose two releases first.">
            Compare
          </Button>
        ) : (
          <Button asChild variant="primary">
            <Link href={paths.compare(app, { from: first, to: second })}>
              Compare v{first} and v{second}
            </Link>
          </Button>
        )}
      </div>
    </section>
  )
}
