import { Skeleton } from "@/components/ui/skeleton"

/** The shape of the first lines of an app's page. */
export function HeaderSkeleton() {
  return (
    <div className="mb-6 grid gap-2">
      <Skeleton className="w-36" />
      <Skeleton className="mt-1 h-6 w-52" />
      <Skeleton className="w-80 max-w-full" />
    </div>
  )
}
