import type { Needs } from '../../collector/kpi/compose.ts'
import type { Bilingual } from '../../collector/kpi/snapshot.ts'
import type { Environment, ServicePeriod } from '../../collector/register/register.ts'
import type { CheckDefinition } from '../../protocol/batch.ts'
import { dayMs, type EpochMs, minuteMs, type Span } from '../../protocol/time.ts'
import { agentsOf } from './nation-agents.ts'
import * as names from './nation-names.ts'
import { outagesOf } from './nation-outages.ts'
import { declarationsOf } from './nation-plans.ts'
import { type Random, randomOf } from './random.ts'

/** A synthetic nation as plain data: the same for the same seed and size, byte for byte. */
export type Nation = {
  /** Always true: whatever shows it says SIMULATED. */
  readonly simulated: true
  readonly seed: number
  /** Outages and declarations were drawn for this time. */
  readonly window: Span
  readonly institutions: readonly NationInstitution[]
  readonly witnesses: readonly Witness[]
  /** In order of their start. */
  readonly outages: readonly Outage[]
  readonly declarations: readonly Declaration[]
}

export type NationInstitution = {
  readonly id: string
  readonly kind: 'institution' | 'governorate'
  readonly name: Bilingual
  readonly sector: string
  readonly sites: readonly { readonly id: string; readonly name: Bilingual }[]
  readonly environments: readonly NationEnvironment[]
}

export type NationEnvironment = {
  readonly id: string
  readonly name: Bilingual
  readonly class: Environment['class']
  readonly criticality: Environment['criticality']
  readonly site: string
  readonly provider: string
  readonly serviceHours: 'always' | readonly ServicePeriod[]
  readonly needs: Needs | null
  readonly agents: readonly NationAgent[]
}

export type NationAgent = { readonly name: string; readonly checks: readonly CheckDefinition[] }

/** Where a check is. The collector names it `<agent>/<check>` within its environment. */
export type CheckAddress = {
  readonly institution: string
  readonly environment: string
  readonly agent: string
  readonly check: string
}
export type AgentAddress = Omit<CheckAddress, 'check'>

/** An agent outside, and the checks of public environments that it makes as well. */
export type Witness = {
  readonly id: string
  readonly name: Bilingual
  readonly watches: readonly CheckAddress[]
}

/**
 * Why something went wrong. Of these only power, host and service make a check's true state worse;
 * the others hide it: the agent is gone, cut off or wrong about the time, the centre is away.
 */
export type Cause = 'power' | 'host' | 'service' | 'network' | 'agent' | 'clock' | 'centre'

/** An outage with its known cause. A null in its place stands for everything there. */
export type Outage = Span & {
  readonly id: string
  readonly cause: Cause
  readonly effect: 'down' | 'degraded' | 'none'
  readonly institution: string | null
  readonly site: string | null
  readonly environment: string | null
  readonly agent: string | null
  readonly check: string | null
  /** Of a clock: how far the host's wall clock is ahead meanwhile. */
  readonly wallErrorMs: number
}

/** What an institution says of itself, and whether it is so. */
export type Declaration = {
  readonly institution: string
  readonly environment: string
  readonly kind: 'maintenance' | 'readiness' | 'dispute'
  readonly declaredAt: EpochMs
  readonly span: Span
  readonly isTrue: boolean
}

export type NationSize = {
  /** 1 to 56; one in five is a governorate. */
  readonly institutions: number
  /** In all, spread evenly over the environments. */
  readonly agents: number
  /** Between two looks of every check. */
  readonly intervalMs: number
  readonly window: Span
  /** 1: as often as in an ordinary nation; 0: nothing ever fails. */
  readonly outageFactor: number
}

const start = Date.UTC(2026, 9, 1)

/** 56 institutions and governorates with five agents each, over thirty days. */
export const fullSize: NationSize = {
  institutions: 56,
  agents: 280,
  intervalMs: minuteMs,
  window: { from: start, to: start + 30 * dayMs },
  outageFactor: 1,
}

/** Draws a nation. Pure: reads no clock and no other source of chance. */
export function synthesizeNation(seed: number, size: Partial<NationSize> = {}): Nation {
  const full = { ...fullSize, ...size }
  const { window, institutions: count } = full
  if (count < 1 || count > fullSize.institutions) {
    throw new RangeError(`A nation has 1 to ${fullSize.institutions} institutions.`)
  }
  const bare = bodiesOf(seed)
    .slice(0, count)
    .map((body) => withEnvironments(seed, body))
  const institutions = withAgents(seed, bare, full)
  const nation = { simulated: true, seed, window, institutions } as const
  return {
    ...nation,
    witnesses: witnessesOf(institutions),
    outages: outagesOf(nation, full.outageFactor),
    declarations: declarationsOf(nation),
  }
}

type Body = Omit<NationInstitution, 'sites' | 'environments'>

/** All 56, mixed by the seed so that a small nation has governorates too. */
function bodiesOf(seed: number): Body[] {
  const institutions = names.sectors.flatMap(([sector, ar, en]) =>
    names.bodies.map((body): Body => {
      const name = { ar: body.ar(ar), en: body.en(en) }
      return { id: `${sector}-${body.id}`, kind: 'institution', name, sector }
    }),
  )
  const governorates = names.governorates.map(([id, ar, en]): Body => {
    return { id, kind: 'governorate', name: { ar, en }, sector: 'governorates' }
  })
  const random = randomOf(seed, 'bodies')
  const drawn: Body[] = []
  while (institutions.length + governorates.length > 0) {
    const from = drawn.length % 5 === 1 || institutions.length === 0 ? governorates : institutions
    const [body] = from.splice(random.whole(0, Math.max(0, from.length - 1)), 1)
    drawn.push(body ?? institutions.shift()!) // only governorates can run out before the end
  }
  return drawn
}

const kindsOfEnvironment = [
  ['portal', 'بيئة استضافة البوابة الإلكترونية', 'Portal hosting environment', 'public'],
  ['records', 'بيئة استضافة الأنظمة الداخلية', 'Internal systems environment', 'internal'],
  ['backbone', 'الربط الشبكي بين المواقع', 'Link between the sites', 'link'],
  ['services', 'بيئة استضافة الخدمات الإلكترونية', 'Electronic services environment', 'public'],
  ['archive', 'بيئة استضافة الأرشيف', 'Archive environment', 'internal'],
] as const

const officeHours: ServicePeriod[] = [
  { days: ['sun', 'mon', 'tue', 'wed', 'thu'], from: '07:30', to: '14:30' },
]

function withEnvironments(seed: number, body: Body): NationInstitution {
  const random = randomOf(seed, `environments of ${body.id}`)
  const drawn = kindsOfEnvironment.slice(0, random.whole(3, kindsOfEnvironment.length))
  const environments = drawn.map(([id, ar, en, kind], i): NationEnvironment => {
    const isOffice = kind === 'internal' && random.chance(0.3)
    return {
      id,
      name: { ar, en },
      class: kind,
      criticality: i === 0 ? 'critical' : random.pick(['critical', 'important', 'supporting']),
      site: random.chance(0.8) ? 'main' : 'recovery',
      provider: random.pick(names.providers),
      serviceHours: isOffice ? officeHours : 'always',
      needs: null,
      agents: [],
    }
  })
  return { ...body, sites: names.sites, environments }
}

/** What an agent looks at, by the class of its environment. */
const checksOfClass = {
  public: [
    ['portal', 'http', 'البوابة الإلكترونية'],
    ['certificate', 'tls', null],
    ['host', 'host', null],
    ['disk', 'disk', null],
  ],
  internal: [
    ['database', 'service', 'قاعدة البيانات'],
    ['records', 'tcp', null],
    ['host', 'host', null],
    ['disk', 'disk', null],
  ],
  link: [
    ['path', 'link', 'الربط الشبكي'],
    ['resolver', 'dns', null],
    ['host', 'host', null],
    ['memory', 'memory', null],
  ],
} as const

function withAgents(
  seed: number,
  institutions: readonly NationInstitution[],
  { agents, intervalMs }: NationSize,
): NationInstitution[] {
  const total = institutions.reduce((sum, { environments }) => sum + environments.length, 0)
  let index = 0
  return institutions.map((institution) => ({
    ...institution,
    environments: institution.environments.map((environment) => {
      const count = Math.floor(agents / total) + (index++ < agents % total ? 1 : 0)
      const checks = checksOfClass[environment.class].map(([check, kind, label]) => {
        return { check, kind, intervalMs, ...(label && { label }) }
      })
      const named = Array.from({ length: count }, (_, i) => ({ name: `node-${i + 1}`, checks }))
      const random = randomOf(seed, `needs of ${institution.id}/${environment.id}`)
      return { ...environment, agents: named, needs: needsOf(random, named) }
    }),
  }))
}

/** Hosts that stand in for one another: one of them is enough. */
function needsOf(random: Random, agents: readonly NationAgent[]): Needs | null {
  const first = agents[0]?.checks[0]
  if (!first || agents.length < 2 || agents.length > 50 || random.chance(0.5)) return null
  const same = agents.map(({ name }) => `${name}/${first.check}`)
  return { all: [{ atLeast: 1, of: same }] }
}

function witnessesOf(institutions: readonly NationInstitution[]): Witness[] {
  const seen = agentsOf({ institutions }).flatMap(({ institution, environment, agent, checks }) =>
    checks
      .filter(({ kind }) => kind === 'http')
      .map(({ check }): CheckAddress => ({ institution, environment, agent, check })),
  )
  return names.witnesses.map((witness, i) => {
    return { ...witness, watches: seen.filter((_, k) => k % 3 !== i) }
  })
}
