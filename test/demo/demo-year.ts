import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { SchemaCompilers } from '../../collector/app.ts'
import { type Collector, openCollector } from '../../collector/collector.ts'
import { readConfig } from '../../collector/config.ts'
import { readDeclared } from '../../collector/register/files.ts'
import { livenessHoleMs } from '../../collector/store/logs.ts'
import { dayMs, type EpochMs, hourMs, minuteMs, type Span, union } from '../../protocol/time.ts'
import { inParallel } from '../simulation/load-fleet.ts'
import type { Exchange } from '../simulation/simulated-agent.ts'
import { neverByItself } from '../support/collector.ts'
import { sharedCompilers } from '../support/shared-compilers.ts'
import { type Act, actsOf } from './demo-acts.ts'
import { careOf } from './demo-facts.ts'
import { demoPolicy, demoRegister, officialCsv, programmeYaml } from './demo-files.ts'
import { DemoHost } from './demo-host.ts'
import type { DemoNation } from './demo-nation.ts'
import { type Ask, People, staff } from './demo-people.ts'

/**
 * Hosts deliver at the close of each month and so long after it: less than real ones, whose year is
 * 52,000 messages each.
 */
const halfMonthMs = 15 * dayMs
/** As many as one commit takes. */
const atOnce = 64
/** After the end of a month, when its figures are complete. */
const closingMs = 8 * hourMs

export type DemoYearOptions = {
  readonly demo: DemoNation
  readonly folder: string
  readonly wall: () => EpochMs
  /** Told of how much is done, 0 to 1. */
  readonly onProgress: (share: number, at: EpochMs) => void
}

type Event = { readonly at: EpochMs; readonly order: number; do(): Promise<unknown> }

/**
 * A real collector that lives through the year of a demonstration on a clock that runs ahead:
 * hosts enrol and deliver through its routes, people act through its API, months close and cycles
 * are frozen. It listens on no port.
 */
export class DemoYear {
  readonly hosts: readonly DemoHost[]
  readonly #options: DemoYearOptions
  readonly #blind: readonly Span[]
  #at: EpochMs
  #collector!: Collector
  #people!: People
  #compilers!: SchemaCompilers
  #isStopped = false

  constructor(options: DemoYearOptions) {
    const { nation, year, hosts } = options.demo
    this.#options = options
    this.#at = year.from
    const bootAt = year.from - dayMs
    this.hosts = hosts.map((plan, i) => new DemoHost(plan, nation.seed, i, bootAt))
    this.#blind = union(hosts.flatMap(({ blind }) => blind))
  }

  get dataDir(): string {
    return join(this.#options.folder, 'data')
  }

  /** Lives through it until the present, and closes the collector. */
  async live(): Promise<void> {
    this.#compilers = await sharedCompilers()
    const { year } = this.#options.demo
    const events = this.#agenda().sort((a, b) => a.at - b.at || a.order - b.order)
    await this.#open()
    try {
      for (const event of events) {
        if (this.#isStopped) return
        await this.#pass(event.at)
        await event.do()
        this.#options.onProgress((event.at - year.from) / (year.to - year.from), event.at)
      }
      await this.#pass(this.#options.wall())
      await this.#deliver({ isClosing: true, isLast: true })
      await this.#publish()
    } finally {
      await this.#collector.close()
    }
  }

  /** Ends it after what is being done. */
  stop(): void {
    this.#isStopped = true
  }

  #agenda(): Event[] {
    const { demo } = this.#options
    const { year } = demo
    const edges = [...demo.lives.values()].flatMap(({ from, to }) => [from, to])
    const isWithin = (at: EpochMs) => at > year.from && at < year.to
    const changes = [...new Set(edges)].filter(isWithin)
    const months = monthsIn(year).map((at) => at + closingMs)
    const halves = months.map((at) => at + halfMonthMs).filter(isWithin)
    const acts: Act[] = actsOf(demo)
    const silences = this.hosts.flatMap(({ plan: { blind } }) => {
      return blind.filter(({ from, to }) => from < year.to && to > year.to).map(({ from }) => from)
    })
    return [
      // Who leaves tells the last of it before.
      ...changes.map((at) => ({ at, order: 1, do: () => this.#reopen() })),
      ...changes.map((at) => ({ at, order: 0, do: () => this.#deliver({ endsAt: at }) })),
      ...halves.map((at) => ({ at, order: 0, do: () => this.#deliver() })),
      ...months.map((at) => ({ at, order: 0, do: () => this.#deliver({ isClosing: true }) })),
      ...[...new Set(silences)].map((at) => ({ at, order: 0, do: () => this.#deliver() })),
      ...acts.map((act) => ({ at: act.at, order: 2, do: () => act.do(this.#people) })),
      ...months.map((at) => ({ at: at + 20 * minuteMs, order: 3, do: () => this.#closeMonth() })),
    ]
  }

  async #open(): Promise<void> {
    const { demo, folder } = this.#options
    const files = { register: join(folder, 'register.yaml'), policy: join(folder, 'policy.yaml') }
    writeFileSync(files.register, demoRegister(demo, this.#at))
    writeFileSync(files.policy, demoPolicy(demo))
    this.#collector = await openCollector({
      config: readConfig({ DATA_DIR: this.dataDir, ISTIMRAR_SIMULATED: 'yes' }),
      declared: readDeclared(files.register, files.policy, this.#at),
      logger: pino({ level: 'silent' }),
      now: () => this.#at,
      compilers: this.#compilers,
      ...neverByItself,
      onFatal: (error) => {
        throw error
      },
    })
    const token = this.#collector.issueAdminToken()
    this.#people ??= new People(() => this.#at, this.#ask, token)
    this.#people.connect(this.#ask, token)
  }

  /** With the register of now. */
  async #reopen(): Promise<void> {
    await this.#collector.close()
    await this.#open()
  }

  /**
   * While a host cannot look the collector notes all the time that it runs: what is not known would
   * be an outage of its own otherwise. At other times that would only take long.
   */
  async #pass(to: EpochMs): Promise<void> {
    for (const span of this.#blind) {
      if (span.to <= this.#at || span.from >= to) continue
      this.#at = Math.max(this.#at, span.from)
      for (const end = Math.min(span.to, to); this.#at < end; ) {
        await this.#collector.noteLiveness()
        this.#at = Math.min(end, this.#at + livenessHoleMs)
      }
    }
    this.#at = Math.max(this.#at, to)
    await this.#collector.noteLiveness()
    await this.#collector.keepLogs()
  }

  /** Hosts tell what they saw until now, or only those that end then; who is new joins first. */
  async #deliver({ endsAt, isClosing = false, isLast }: Delivery = {}): Promise<void> {
    const at = this.#at
    const due = this.hosts.filter((host) => {
      const { plan, toldTo } = host
      const { life } = plan
      const isDue = life.from < at && toldTo < life.to
      return isDue && (endsAt === undefined || life.to === endsAt) && !(isLast && host.isBlind(at))
    })
    await inParallel(due, atOnce, async (host) => {
      const { institution, environment } = host.plan
      if (host.agent.agent === '') {
        const asked = { institution, environment, usesMax: 1, lifeHours: 1 }
        const { token } = await this.#people.admin<{ token: string }>(
          'POST',
          '/api/v1/tokens',
          asked,
        )
        await host.agent.enrol(this.#exchange, token)
        // All of the year is one boot: one heartbeat dates it.
        if ((await host.agent.heartbeat(this.#exchange, at)) !== 'heard') {
          throw new Error(`${host.plan.name} is not heard: ${host.agent.lastReply?.body}`)
        }
      }
      if (host.seal(at, isClosing)) await host.deliver(this.#exchange)
    })
  }

  async #closeMonth(): Promise<void> {
    await this.#publish()
    await this.#collector.closeMonth()
    await this.#freeze()
  }

  /** Figures of days that passed in a moment are held back as a jump: somebody confirms them. */
  async #publish(): Promise<void> {
    await this.#collector.evaluate()
    const { held } = await this.#people.admin<{ held?: object | null }>('GET', '/api/v1/kpis')
    if (!held) return
    const why = 'فترة محاكاة كاملة'
    await this.#people.act(staff.ministry, 'POST', '/api/v1/publish/confirm', { why })
  }

  /** Freezes each cycle that may be, and imports what the official measurement of it gave. */
  async #freeze(): Promise<void> {
    const { cycles } = await this.#people.admin<{ cycles: ListedCycle[] }>('GET', '/api/v1/cycles')
    for (const { id, state, freezableFrom } of cycles) {
      if (state !== 'open' || freezableFrom > this.#at) continue
      const path = `/api/v1/cycles/${id}`
      const why = 'اكتملت شواهد القياس'
      await this.#people.act(staff.ministry, 'POST', `${path}/freeze`, { why })
      await this.#people.act(staff.evaluator, 'POST', `${path}/approve`, { revision: 0, why })
      await this.#importOfficial(id)
    }
  }

  async #importOfficial(cycle: string): Promise<void> {
    const { nation } = this.#options.demo
    const date = new Date(this.#at).toISOString().slice(0, 10)
    const percentOf = (id: string) => 40 + 55 * careOf(id, nation.seed, this.#at)
    const ids = nation.institutions.map(({ id }) => id)
    const file = { format: 'csv', content: officialCsv(ids, percentOf, date) }
    const asked = { apply: true, why: 'نتائج محاكاة' }
    const path = `/api/v1/official/${cycle}/import`
    await this.#people.act(staff.ministry, 'POST', path, { ...file, ...asked })
    const content = programmeYaml(new Date(this.#at).getUTCFullYear() - 1)
    const programme = '/api/v1/programme/import'
    await this.#people.act(staff.ministry, 'POST', programme, { content, ...asked })
  }

  readonly #exchange: Exchange = async (url, payload) => {
    const headers = { 'content-type': 'application/jose' }
    const answer = await this.#collector.app.inject({ method: 'POST', url, headers, payload })
    const retryAfter = answer.headers['retry-after']
    const { statusCode: status, body } = answer
    return { status, body, retryAfter: retryAfter === undefined ? null : String(retryAfter) }
  }

  readonly #ask: Ask = async ({ method, path, body, cookie, token }) => {
    const isForm = body instanceof URLSearchParams
    const answer = await this.#collector.app.inject({
      ...{ method, url: path },
      headers: {
        ...(isForm && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(cookie && { cookie }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body && { payload: isForm ? body.toString() : body }),
    })
    const cookies = [answer.headers['set-cookie']].flat()
    const session = cookies.find((each) => each?.startsWith('session='))
    return {
      ...{ status: answer.statusCode, text: answer.body },
      cookie: session?.split(';')[0] ?? null,
    }
  }
}

type Delivery = {
  /** Only of hosts that end at this instant. */
  readonly endsAt?: EpochMs
  /** Figures are taken then: hosts tell all that they measure. */
  readonly isClosing?: boolean
  /** Who cannot look by now is not heard: it told all before. */
  readonly isLast?: boolean
}

type ListedCycle = { readonly id: string; readonly state: string; readonly freezableFrom: EpochMs }

/** The first instants of the months (UTC) that begin within a span. */
function monthsIn({ from, to }: Span): EpochMs[] {
  const found: EpochMs[] = []
  const start = new Date(from)
  for (let month = start.getUTCMonth() + 1; ; month++) {
    const at = Date.UTC(start.getUTCFullYear(), month)
    if (at + closingMs >= to) return found
    found.push(at)
  }
}
