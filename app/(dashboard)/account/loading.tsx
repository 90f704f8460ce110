import { Card } from "@/components/ui/card"
import { Loading, Skeleton } from "@/components/ui/skeleton"

const CARDS = ["h-40", "h-52", "h-44", "h-36"]

export default function AccountLoading() {
  return (
    <Loading label="Loading your account" className="mx-auto grid max-w-3xl gap-4">
      <Skeleton className="h-7 w-32" />
      <Skeleton className="mb-2 w-56" />
      {CARDS.map((height) => (
        <Card key={height} className={`p-5 ${height}`}>
          <Skeleton className="w-28" />
          <Skeleton className="mt-4 w-72 max-w-full" />
          <Skeleton className="mt-2 w-56" />
        </Card>
      ))}
    </Loading>
  )
}
