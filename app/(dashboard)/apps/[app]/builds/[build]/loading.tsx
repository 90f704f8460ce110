import { HeaderSkeleton } from "@/components/apps/header-skeleton"
import { Card } from "@/components/ui/card"
import { Loading, Skeleton } from "@/components/ui/skeleton"

export default function BuildLoading() {
  return (
    <Loading label="Loading the build">
      <HeaderSkeleton />
      <Card>
        <div className="flex justify-between border-line border-b px-3 py-2.5">
          <Skeleton className="h-8 w-56" />
          <Skeleton className="h-8 w-24" />
        </div>
        <div className="grid h-[calc(100dvh-20rem)] min-h-96 content-start gap-2 bg-sunken p-4">
          {["w-1/2", "w-2/3", "w-1/3", "w-3/5", "w-2/5", "w-3/4", "w-1/4", "w-4/5"].map((width) => (
            <Skeleton key={width} className={`h-3 ${width}`} />
          ))}
        </div>
      </Card>
    </Loading>
  )
}
