"use client"

import { type ComponentProps, type ComponentType, cloneElement, type ReactElement, Suspense, useState } from "react"

type Trigger = ReactElement<ComponentProps<"button">>

/**
 * A menu whose code comes with the first click on its button.
 * @param props.menu made by `lazy`: renders a `DropdownMenu` with this trigger, open from the start.
 */
export function LazyMenu({ trigger, menu: Menu }: { trigger: Trigger; menu: ComponentType<{ trigger: ReactElement }> }) {
  const [isWanted, setWanted] = useState(false)
  if (!isWanted) return cloneElement(trigger, { onClick: () => setWanted(true), "aria-haspopup": "menu", "aria-expanded": false })
  return (
    <Suspense fallback={trigger}>
      <Menu trigger={trigger} />
    </Suspense>
  )
}
