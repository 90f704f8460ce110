import { HeaderSkeleton } from "@/components/apps/header-skeleton"
import { Card } from "@/components/ui/card"
import { Loading, Skeleton } from "@/components/ui/skeleton"

export default function ReleaseLoading() {
  return (
    <Loading label="Loading the release">
      <HeaderSkeleton />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {["rollout", "difference"].map((card) => (
          <Card key={card} className="grid gap-3 p-5">
            <Skeleton className="h-5 w-40" />
            <Skeleton className="w-56" />
            <Skeleton className="mt-2 w-full" />
            <Skeleton className="w-5/6" />
            <Skeleton className="w-full" />
            <Skeleton className="w-2/3" />
          </Card>
        ))}
      </div>
    </Loading>
  )
}
