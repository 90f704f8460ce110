import { HeaderSkeleton } from "@/components/apps/header-skeleton"
import { Card } from "@/components/ui/card"
import { Loading, Skeleton } from "@/components/ui/skeleton"

export default function OneOffsLoading() {
  return (
    <Loading label="Loading the one-offs">
      <HeaderSkeleton />
      <div className="grid gap-4">
        <Card className="grid gap-4 p-5">
          <Skeleton className="h-9" />
          <div className="flex gap-4">
            <Skeleton className="h-9 w-40" />
            <Skeleton className="h-9 w-40" />
          </div>
        </Card>
        <Card className="divide-y divide-line">
          {["w-40", "w-56", "w-44", "w-60"].map((width) => (
            <div key={width} className="flex items-center gap-4 px-5 py-4">
              <Skeleton className="size-7 shrink-0" />
              <div className="grid flex-1 gap-2">
                <Skeleton className={width} />
                <Skeleton className="w-28" />
              </div>
              <Skeleton className="hidden w-28 sm:block" />
            </div>
          ))}
        </Card>
      </div>
    </Loading>
  )
}
