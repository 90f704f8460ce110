import { FlaskConicalOff } from "lucide-react"
import Link from "next/link"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { cn } from "@/components/ui/cn"

/** Nothing here, or nothing that one may see: both look alike. @param props.isWhole there is no shell around. */
export function NotFoundPage({ isWhole }: { isWhole?: boolean }) {
  const Holder = isWhole ? "main" : "div"
  return (
    <Holder className={cn("flex flex-col items-center px-6 text-center", isWhole ? "min-h-dvh justify-center" : "py-16")}>
      <span className="mb-4 grid size-12 place-items-center rounded-lg bg-accent-soft text-accent-text">
        <FlaskConicalOff aria-hidden className="size-6" strokeWidth={1.75} />
      </span>
      <h1 className="font-semibold text-lg">There is nothing here</h1>
      <p className="mt-1.5 max-w-md text-ink-2">
        The address may be mistyped, or the app is gone, or it is not shared with you. Its owner can see it and let you in.
      </p>
      <Button asChild variant="primary" className="mt-5">
        <Link href={paths.apps()}>All apps</Link>
      </Button>
    </Holder>
  )
}
