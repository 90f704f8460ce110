import { Card } from "@/components/ui/card"
import { Loading, Skeleton } from "@/components/ui/skeleton"

const LINES = ["w-32", "w-44", "w-28", "w-40", "w-36"]

export default function AppsLoading() {
  return (
    <Loading label="Loading your apps">
      <div className="mb-6 flex items-start justify-between">
        <div className="grid gap-2">
          <Skeleton className="h-6 w-16" />
          <Skeleton className="w-40" />
        </div>
        <Skeleton className="h-9 w-28" />
      </div>
      <div className="mb-4 flex gap-2">
        <Skeleton className="h-9 flex-1" />
        <Skeleton className="h-9 w-32" />
      </div>
      <Card className="divide-y divide-line">
        {LINES.map((width) => (
          <div key={width} className="flex items-center justify-between gap-6 px-5 py-3.5">
            <div className="grid flex-1 gap-2">
              <Skeleton className={width} />
              <Skeleton className="w-52" />
            </div>
            <Skeleton className="hidden w-48 sm:block" />
            <Skeleton className="w-16" />
          </div>
        ))}
      </Card>
    </Loading>
  )
}
