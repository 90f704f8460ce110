import type { NextRequest } from "next/server"
import NextAuth from "next-auth"
import { authOptions } from "@/server/next/auth"

type Segment = { params: Promise<{ nextauth: string[] }> }

/** Made for each request: the parts behind it do not exist while Next builds. */
function handle(request: NextRequest, segment: Segment): Promise<Response> {
  return NextAuth(request, segment, authOptions())
}

export { handle as GET, handle as POST }
