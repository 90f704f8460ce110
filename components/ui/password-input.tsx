"use client"

import { Eye, EyeOff } from "lucide-react"
import { type ComponentProps, useState } from "react"
import { Button } from "./button"
import { Input } from "./input"

/** Hidden by default, shown while its eye is pressed: people who may look make fewer mistakes. */
export function PasswordInput(props: Omit<ComponentProps<"input">, "type">) {
  const [isShown, setShown] = useState(false)
  return (
    <div className="relative">
      <Input {...props} type={isShown ? "text" : "password"} className="pr-10" spellCheck={false} autoCapitalize="none" />
      <Button
        variant="ghost"
        size="sm"
        aria-label={isShown ? "Hide the password" : "Show the password"}
        icon={isShown ? <EyeOff /> : <Eye />}
        className="absolute top-0.5 right-0.5 w-8 px-0"
        onClick={() => setShown(!isShown)}
      />
    </div>
  )
}
