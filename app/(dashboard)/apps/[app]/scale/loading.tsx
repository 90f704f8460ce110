import { HeaderSkeleton } from "@/components/apps/header-skeleton"
import { Card } from "@/components/ui/card"
import { Loading, Skeleton } from "@/components/ui/skeleton"

export default function ScaleLoading() {
  return (
    <Loading label="Loading the scale">
      <HeaderSkeleton />
      <div className="grid max-w-3xl gap-4">
        {["first", "second"].map((card) => (
          <Card key={card} className="grid gap-4 p-5">
            <Skeleton className="h-5 w-40" />
            <Skeleton className="w-64" />
            <Skeleton className="h-9 w-56" />
            <Skeleton className="h-9 w-40" />
          </Card>
        ))}
      </div>
    </Loading>
  )
}
