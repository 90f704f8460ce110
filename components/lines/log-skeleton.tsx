import { Loading, Skeleton } from "@/components/ui/skeleton"

/** The shape of lines that are about to be there. */
export function LogSkeleton({ className = "h-[calc(100dvh-20rem)] min-h-96" }: { className?: string }) {
  return (
    <Loading label="Loading the lines" className={className}>
      <div className="grid h-full content-start gap-2 bg-sunken p-4">
        {["w-1/2", "w-2/3", "w-1/3", "w-3/5", "w-2/5", "w-3/4", "w-1/4", "w-4/5"].map((width) => (
          <Skeleton key={width} className={`h-3 ${width}`} />
        ))}
      </div>
    </Loading>
  )
}
