import type { ReactNode } from "react"
import { Card } from "@/components/ui/card"

/** One question, with what it is for above and the other way below. */
export function AuthCard({
  title,
  description,
  children,
  below,
}: {
  title: string
  description?: ReactNode
  children: ReactNode
  below?: ReactNode
}) {
  return (
    <>
      <Card className="p-6 shadow-float sm:p-8">
        <h1 className="font-semibold text-xl">{title}</h1>
        {description ? <div className="mt-1.5 text-ink-2">{description}</div> : null}
        <div className="mt-6">{children}</div>
      </Card>
      {below ? <p className="mt-6 text-center text-ink-2">{below}</p> : null}
    </>
  )
}
