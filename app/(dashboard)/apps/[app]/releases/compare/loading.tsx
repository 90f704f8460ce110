import { HeaderSkeleton } from "@/components/apps/header-skeleton"
import { Card } from "@/components/ui/card"
import { Loading, Skeleton } from "@/components/ui/skeleton"

export default function CompareLoading() {
  return (
    <Loading label="Loading the comparison">
      <HeaderSkeleton />
      <div className="grid grid-cols-1 gap-4">
        <Card className="flex gap-3 p-5">
          <Skeleton className="h-9 flex-1" />
          <Skeleton className="h-9 flex-1" />
        </Card>
        <Card className="grid gap-4 p-5">
          <Skeleton className="h-5 w-40" />
          {["commit", "elixir", "slug", "checksum"].map((line) => (
            <Skeleton key={line} className="w-full" />
          ))}
        </Card>
      </div>
    </Loading>
  )
}
