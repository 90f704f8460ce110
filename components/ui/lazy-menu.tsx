"use client"

import { type ComponentProps, type ComponentType, cloneElement, type ReactElement, useState } from "react"
import { useLoaded } from "./loaded"

type Trigger = ReactElement<ComponentProps<"button">>

/**
 * A menu whose code comes when its button is reached for.
 * @param props.load brings what renders a `DropdownMenu` with this trigger, open from the start. Made once, outside of components.
 */
export function LazyMenu({
  trigger,
  load,
}: {
  trigger: Trigger
  load: () => Promise<{ default: ComponentType<{ trigger: ReactElement }> }>
}) {
  const [isNear, setNear] = useState(false)
  const [isClicked, setClicked] = useState(false)
  const Menu = useLoaded(load, isNear || isClicked)
  if (isClicked && Menu) return <Menu trigger={trigger} />
  return cloneElement(trigger, {
    onPointerEnter: () => setNear(true),
    onFocus: () => setNear(true),
    onClick: () => setClicked(true),
    "aria-haspopup": "menu",
    "aria-expanded": false,
  })
}
