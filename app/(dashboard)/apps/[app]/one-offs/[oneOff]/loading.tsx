import { HeaderSkeleton } from "@/components/apps/header-skeleton"
import { LogSkeleton } from "@/components/lines/log-skeleton"
import { Card } from "@/components/ui/card"
import { Loading } from "@/components/ui/skeleton"

export default function OneOffLoading() {
  return (
    <Loading label="Loading the one-off">
      <HeaderSkeleton />
      <Card className="overflow-hidden">
        <LogSkeleton />
      </Card>
    </Loading>
  )
}
