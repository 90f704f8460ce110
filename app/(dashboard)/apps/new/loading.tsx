import { Card } from "@/components/ui/card"
import { Loading, Skeleton } from "@/components/ui/skeleton"

export default function NewAppLoading() {
  return (
    <Loading label="Loading the form" className="mx-auto max-w-2xl">
      <Skeleton className="mb-3 w-28" />
      <Skeleton className="mb-2 h-7 w-36" />
      <Skeleton className="mb-6 w-80 max-w-full" />
      <Card className="grid gap-6 p-5">
        <Skeleton className="h-9" />
        <div className="grid gap-6 sm:grid-cols-2">
          <Skeleton className="h-9" />
          <Skeleton className="h-9" />
        </div>
        <Skeleton className="h-9 w-36 justify-self-end" />
      </Card>
    </Loading>
  )
}
