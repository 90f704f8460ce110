import { expect, it } from "vitest"
import { browserInWords } from "./browser"

it("names the browser and the system", () => {
  expect(browserInWords("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")).toBe("Firefox on Linux")
  expect(browserInWords("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36")).toBe(
    "Chrome on macOS",
  )
  expect(browserInWords("curl/8.5.0")).toBe("curl/8.5.0")
  expect(browserInWords(null)).toBe("Unknown browser")
})
