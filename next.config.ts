import type { NextConfig } from "next"

const config: NextConfig = {
  // Native or process-wide parts that must be loaded once by Node, never bundled into a page.
  serverExternalPackages: ["@node-rs/argon2", "postgres"],
  typedRoutes: true,
  poweredByHeader: false,
  reactStrictMode: true,
  // The type check is a step of `npm test` of its own; building must not pay for it twice.
  typescript: { ignoreBuildErrors: true },
}

export default config
