import { and, asc, desc, eq, gt, gte } from "drizzle-orm"
import { apps, builds, logLines, releases, rollouts, slugs } from "@/db/schema"
import { addressesOf } from "@/server/apps"
import type { Ctx } from "@/server/kernel/context"
import { hasEnded, rolloutView } from "@/server/releases"
import type { Teller } from "./follow-build"
import type { FollowRollout } from "./push"
import { type Followed, hints, leftLine, opening, story } from "./rollout-story"

const LOOK_AT_LEAST_EVERY_MS = 2_000
/** The release and its rollout are made with the build's end; not finding them for so long means that somebody removed them. */
const LOOKS_WITHOUT_ROLLOUT = 10
/** How much is left changes all the time. */
const LEFT_EVERY_MS = 5_000
const LINES_AT_ONCE = 500

/** Tells the way of the release that a commit became, to its end. */
export async function followRollout(ctx: Ctx, teller: Teller, { push, commit, after }: FollowRollout): Promise<void> {
  const { hub, tell, signal } = teller
  const narrator = new Narrator(ctx, teller, after)
  let misses = 0
  const interest = { app: push.app.id, tables: ["rollouts", "replicas", "releases", "one_offs"] }
  for await (const _ of hub.looks(interest, { atLeastEveryMs: LOOK_AT_LEAST_EVERY_MS, signal })) {
    const followed = await followedOf(ctx, teller, push.app.id, commit)
    if (!followed) {
      misses += 1
      if (misses < LOOKS_WITHOUT_ROLLOUT) continue
      return tell({ end: { ok: true, reason: "" } })
    }
    await narrator.tell(followed)
    const { state } = followed.rollout
    if (push.leavesAtOnce || hasEnded(state)) {
      for (const line of hints(followed, push.app.name, teller.env.url)) tell({ line })
      return tell({ end: { ok: state === "settled" || push.leavesAtOnce, reason: "" } })
    }
    if (state === "releasing") await narrator.followCommand(followed)
  }
}

/** Tells each line once, in the order of the rollout. */
class Narrator {
  readonly #told = new Set<string>()
  #leftToldAt = 0

  constructor(
    readonly ctx: Ctx,
    readonly teller: Teller,
    /** The last line of the release command's output that was told. */
    private lastLine: number,
  ) {}

  async tell(followed: Followed): Promise<void> {
    this.#tellNew(opening(followed))
    await this.#tellOutput(followed)
    this.#tellNew(story(followed))
    if (followed.rollout.state === "draining") this.#tellLeft(followed)
  }

  /** As it prints, until it has ended: an app that serves meanwhile may print much, and then nobody else looks at each line. */
  async followCommand(followed: Followed): Promise<void> {
    const interest = { app: followed.appId, tables: ["log_lines", "one_offs"] }
    const { hub, signal } = this.teller
    for await (const _ of hub.looks(interest, { atLeastEveryMs: LOOK_AT_LEAST_EVERY_MS, signal })) {
      await this.#tellOutput(followed)
      const [rollout] = await this.ctx.db.select({ state: rollouts.state }).from(rollouts).where(eq(rollouts.id, followed.rollout.id))
      if (rollout?.state !== "releasing") return
    }
  }

  #tellNew(lines: readonly string[]): void {
    for (const line of lines) {
      if (this.#told.has(line)) continue
      this.#told.add(line)
      this.teller.tell({ line })
    }
  }

  async #tellOutput({ appId, rollout: { releaseCommand, createdAt } }: Followed): Promise<void> {
    if (!releaseCommand) return
    const lines = await this.ctx.db
      .select({ id: logLines.id, text: logLines.text })
      .from(logLines)
      .where(
        and(
          ...[eq(logLines.appId, appId), eq(logLines.replica, releaseCommand.id)],
          ...[gt(logLines.id, this.lastLine), gte(logLines.at, new Date(createdAt))],
        ),
      )
      .orderBy(asc(logLines.id))
      .limit(LINES_AT_ONCE)
    for (const { id, text } of lines) this.teller.tell({ line: `       ${text}`, id })
    this.lastLine = lines.at(-1)?.id ?? this.lastLine
  }

  #tellLeft({ rollout }: Followed): void {
    const line = leftLine(rollout)
    const now = this.ctx.clock.now().getTime()
    if (!line || now - this.#leftToldAt < LEFT_EVERY_MS) return
    this.#leftToldAt = now
    this.#tellNew([line])
  }
}

async function followedOf(ctx: Ctx, { env }: Teller, appId: string, commit: string): Promise<Followed | null> {
  const [found] = await ctx.db
    .select({ id: rollouts.id, app: apps })
    .from(rollouts)
    .innerJoin(releases, eq(releases.id, rollouts.releaseId))
    .innerJoin(apps, eq(apps.id, rollouts.appId))
    .innerJoin(slugs, eq(slugs.id, releases.slugId))
    .innerJoin(builds, eq(builds.id, slugs.buildId))
    .where(and(eq(rollouts.appId, appId), eq(rollouts.kind, "deploy"), eq(builds.commit, commit)))
    .orderBy(desc(rollouts.createdAt))
    .limit(1)
  const rollout = found && (await rolloutView(ctx, found.id))
  if (!rollout) return null
  const { settleSeconds } = found.app.settings.rollout
  return { appId, rollout, settleSeconds, url: addressesOf(env, found.app).url }
}
