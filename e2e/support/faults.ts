import { type Breakpoints, openBreakpoints, type Parked } from "./breakpoints"
import { kill, type PartName, pidOf, processOf } from "./parts"
import { until } from "./people"
import { type Platform, startPlatform } from "./platform"

/** Who is killed, in turn. `start` is the supervisor. */
export const VICTIMS: readonly PartName[] = ["web", "controller", "start", "postgres", "runner"]

/**
 * `before`: the step's work is done and its record is lost. `after`: it is recorded, and nothing of the next step is begun. For those
 * who do not write the step these are one moment.
 */
type Moment = "before" | "after"

const OF_PEOPLE = ["rollouts.waiting", "rollouts.superseded", "builds.queued", "one_offs.waiting"]

function momentsOf(state: string, victim: PartName): Moment[] {
  const writer = OF_PEOPLE.includes(state) ? "web" : "controller"
  return victim === "postgres" || victim === writer ? ["before", "after"] : ["before"]
}

/** One app and what is done to it again and again, until every state that it is there for was struck by everybody at both moments. */
export interface Lane {
  app: { id: string; number: number; name: string }
  /** `rollouts.checking`, … */
  states: readonly string[]
  /** Does it once, and fails unless all is as if nobody had been killed. */
  run(): Promise<void>
}

/** More than any needs: what is not passed by then never is. */
const MOST_RUNS = 60

/** From one step to the next, a build or some crashes in between. */
const LONGEST_WAY_SECONDS = 120

/** How long those at a breakpoint wait for the others. */
const GATHER_MS = 1_000

interface Living extends Lane {
  isDone: boolean
}

/**
 * Kills the parts of a platform at the steps of what its lanes do. In each round some lanes stand at a breakpoint, each at one of its own;
 * one part is killed, at once for all of them; then they go on to their next.
 */
export class Faults {
  readonly #struck = new Map<string, number>()
  readonly #kills: Array<{ victim: PartName; at: number }> = []
  /** By transaction, the process that sent it. */
  readonly #senders = new Map<string, number>()
  #victims = VICTIMS
  #turn = 0

  private constructor(
    public platform: Platform,
    readonly points: Breakpoints,
  ) {}

  static async on(platform: Platform): Promise<Faults> {
    return new Faults(platform, await openBreakpoints(platform.home))
  }

  get kills(): number {
    return this.#kills.length
  }

  /** How many steps stood before a kill. */
  get steps(): number {
    return [...this.#struck.values()].reduce((sum, times) => sum + times, 0)
  }

  /** Whether one of these was killed since. */
  wasKilled(victims: readonly PartName[], since: number): boolean {
    return this.#kills.some(({ victim, at }) => at >= since && victims.includes(victim))
  }

  /** What of a state was not tried yet. */
  missing(state: string, victims = VICTIMS): string[] {
    return victims
      .flatMap((victim) => momentsOf(state, victim).map((moment) => nameOf(state, victim, moment)))
      .filter((name) => !this.#struck.has(name))
  }

  async drive(lanes: readonly Lane[], victims = VICTIMS): Promise<void> {
    this.#victims = victims
    const living = lanes.map((lane) => ({ ...lane, isDone: false }))
    for (const { app } of lanes) await this.points.watch(app.id)
    const rounds = this.#rounds(living)
    try {
      await Promise.all([rounds, ...living.map((lane) => this.#live(lane))])
    } finally {
      // One that failed ends all of it: nobody is killed, or started again, after this.
      for (const lane of living) lane.isDone = true
      await rounds.catch(() => undefined)
    }
  }

  async #live(lane: Living): Promise<void> {
    const left = () => lane.states.flatMap((state) => this.missing(state, this.#victims))
    try {
      for (let runs = 0; left().length > 0; runs++) {
        if (runs > MOST_RUNS) throw new Error(`${lane.app.name} does not come to: ${left().join(", ")}`)
        await lane.run()
      }
      await patiently(() => this.points.forget(lane.app.id))
    } finally {
      lane.isDone = true
    }
  }

  async #rounds(lanes: readonly Living[]): Promise<void> {
    const wanted = new Set(lanes.flatMap((lane) => lane.states))
    const left = (one: Parked) => one.states.filter((state) => wanted.has(state)).flatMap((state) => this.#left(one, state))
    while (lanes.some((lane) => !lane.isDone)) {
      const parked = await this.#gathered(lanes, (one) => left(one).length > 0)
      if (parked.length === 0) continue
      const { victim, moment } = this.#choose(parked.map(left))
      await this.#strike(victim, moment, parked)
    }
  }

  /**
   * Those who stand where something is left to try, when all do, or when the others took their time: a build takes longer than a write.
   * The rest goes on at once.
   */
  async #gathered(lanes: readonly Living[], isWanted: (one: Parked) => boolean): Promise<Parked[]> {
    const since = Date.now()
    const stuck = () => `${lanes.filter((lane) => !lane.isDone).map((lane) => lane.app.name)} at their next step`
    return until(
      stuck(),
      () =>
        patiently(async () => {
          const parked = await this.#withoutOrphans(await this.points.parked())
          const here = parked.filter(isWanted)
          await this.points.pass(parked.filter((one) => !here.includes(one)))
          const areAll = lanes.every((lane) => lane.isDone || here.some((one) => one.app === lane.app.number))
          return areAll || (here.length > 0 && Date.now() - since > GATHER_MS) ? here : null
        }),
      LONGEST_WAY_SECONDS,
    )
  }

  /** What a killed part sent just before its end came here after it: its record is lost too. */
  async #withoutOrphans(parked: Parked[]): Promise<Parked[]> {
    if (parked.every(({ transaction }) => this.#senders.has(transaction))) return parked
    const clients = this.points.clients()
    for (const { session, transaction } of parked) {
      const client = clients.get(session)
      if (client !== undefined) this.#senders.set(transaction, client)
    }
    const orphans = parked.filter(({ transaction }) => !this.#senders.has(transaction))
    await this.points.lose(orphans)
    return parked.filter((one) => !orphans.includes(one))
  }

  /** What of a state is left to try here: only who sent it is killed before and after its own write. */
  #left(one: Parked, state: string): string[] {
    return this.#victims
      .filter((victim) => momentsOf(state, victim).length === 1 || victim === "postgres" || this.#isSender(one, victim))
      .flatMap((victim) => this.missing(state, [victim]))
  }

  #isSender({ transaction }: Parked, part: PartName): boolean {
    return this.#senders.get(transaction) === processOf(this.platform.home, part)
  }

  /** The next in turn for whom something is left to try here, at the moment of which more is. @param left by who is parked. */
  #choose(left: ReadonlyArray<readonly string[]>): { victim: PartName; moment: Moment } {
    const count = (victim: PartName, moment: Moment) =>
      left.filter((names) => names.some((name) => name.endsWith(` ${victim} ${moment}`))).length
    for (let i = 0; ; i++) {
      const turn = (this.#turn + i) % this.#victims.length
      const victim = this.#victims[turn] ?? "web"
      const [before, after] = [count(victim, "before"), count(victim, "after")]
      if (before + after === 0) continue
      this.#turn = turn + 1
      return { victim, moment: before >= after ? "before" : "after" }
    }
  }

  async #strike(victim: PartName, moment: Moment, parked: readonly Parked[]): Promise<void> {
    const { home } = this.platform
    const pid = pidOf(home, victim)
    const own = victim === "postgres" ? parked : parked.filter((one) => this.#isSender(one, victim))
    const at = Date.now()
    this.#kills.push({ victim, at })
    const clients = ["web", "controller"].map((part) => processOf(home, part as PartName))
    if (moment === "before") {
      await kill(home, victim)
      // Whoever was not killed stands there still, and the next kill finds it.
      if (victim !== "postgres") await this.points.lose(own)
    } else {
      // Stopped before it can hear that its step is recorded: it begins nothing of the next.
      const held = new Set(own.flatMap(({ transaction }) => this.#senders.get(transaction) ?? []))
      for (const one of held) process.kill(one, "SIGSTOP")
      await this.points.pass(parked)
      await kill(home, victim)
      for (const one of held) if (one !== pid) process.kill(one, "SIGCONT")
    }
    for (const one of parked) {
      for (const state of one.states)
        if (momentsOf(state, victim).length === 1 || own.includes(one)) this.#count(nameOf(state, victim, moment))
    }
    const cutMs = Date.now() - at
    await this.#untilBack(victim, pid, clients)
    const where = parked.map(({ app, states }) => `${app}:${states.map((state) => state.split(".")[1]).join("+")}`).join(" ")
    console.log(`${this.kills}: kill -9 of ${victim} ${moment} ${where} (${cutMs} ms, back after ${Date.now() - at} ms)`)
  }

  #count(name: string): void {
    this.#struck.set(name, (this.#struck.get(name) ?? 0) + 1)
  }

  async #untilBack(victim: PartName, before: number, clients: readonly (number | null)[]): Promise<void> {
    const { home, url } = this.platform
    if (victim === "start") await this.#startAgain(clients)
    else await until(`another ${victim}`, () => ![before, null].includes(processOf(home, victim)))
    if (victim === "postgres") await patiently(() => this.points.sql`select 1`)
    if (victim === "web") await until("the dashboard", () => answers(`${url}/healthz`))
  }

  /** The new supervisor asks the parts of the old one to end: what they still stand at then is lost with them. */
  async #startAgain(clients: readonly (number | null)[]): Promise<void> {
    let isUp = false
    const starting = startPlatform(this.platform).finally(() => {
      isUp = true
    })
    while (!isUp) {
      const parked = await patiently(() => this.points.parked())
      const users = this.points.clients()
      await this.points.lose(parked.filter(({ session }) => clients.includes(users.get(session) ?? null)))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    this.platform = await starting
  }
}

const nameOf = (state: string, victim: PartName, moment: Moment) => `${state} ${victim} ${moment}`

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )

/** Again until it succeeds: what is asked may just be killed. */
export async function patiently<T>(ask: () => Promise<T>, seconds = 60): Promise<T> {
  let last: unknown
  const found = await until(
    "an answer",
    () =>
      ask().then(
        (answer) => ({ answer }),
        (error: unknown) => {
          last = error
          return null
        },
      ),
    seconds,
  ).catch((error: Error) => {
    throw new Error(`${error.message} (${String(last)})`)
  })
  return found.answer
}
