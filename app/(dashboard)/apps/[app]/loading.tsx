import { HeaderSkeleton } from "@/components/apps/header-skeleton"
import { Card } from "@/components/ui/card"
import { Loading, Skeleton } from "@/components/ui/skeleton"

export default function OverviewLoading() {
  return (
    <Loading label="Loading the app">
      <HeaderSkeleton />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
        <Card className="divide-y divide-line">
          {["w-40", "w-56", "w-44"].map((width) => (
            <div key={width} className="grid gap-2 px-5 py-4">
              <Skeleton className={width} />
              <Skeleton className="w-32" />
              <Skeleton className="w-48" />
            </div>
          ))}
        </Card>
        <Card className="grid gap-3 p-5">
          <Skeleton className="h-5 w-20" />
          <Skeleton className="w-full" />
          <Skeleton className="w-2/3" />
          <Skeleton className="w-full" />
          <Skeleton className="w-1/2" />
        </Card>
      </div>
    </Loading>
  )
}
