import type { StateSpan } from '../../collector/kpi/timeline.ts'
import type { CheckDefinition } from '../../protocol/batch.ts'
import type { ObservedState } from '../../protocol/check.ts'
import { checkKinds } from '../../protocol/check.ts'
import { dayMs, type EpochMs, hourMs, minuteMs, type Span } from '../../protocol/time.ts'
import { type Platform, simulatedDays } from '../simulation/move-cases.ts'
import {
  type Nation,
  type NationInstitution,
  type Outage,
  synthesizeNation,
} from '../simulation/nation.ts'
import { agentsOf } from '../simulation/nation-agents.ts'
import { type Move, type MoveCase, withMoves } from '../simulation/nation-moves.ts'
import { outagesOf } from '../simulation/nation-outages.ts'
import { declarationsOf } from '../simulation/nation-plans.ts'
import { blindSpans, truthOf } from '../simulation/nation-truth.ts'
import { randomOf } from '../simulation/random.ts'

/** A nation that lived through a year until now, and whose next weeks are drawn already. */
export type DemoNation = {
  readonly nation: Nation
  readonly year: Span
  readonly moves: readonly DemoMove[]
  readonly hosts: readonly HostPlan[]
  /** When each environment is in the register, by `institution/environment`. */
  readonly lives: ReadonlyMap<string, Span>
}

/** A move, and when its day 0 is. */
export type DemoMove = Move & { readonly dayZero: EpochMs }

/** What a host sees, and when it can. */
export type HostPlan = {
  readonly institution: string
  readonly environment: string
  readonly name: string
  readonly checks: readonly CheckDefinition[]
  readonly platform: Platform
  readonly life: Span
  /** The true states of each check over its life, in the order of the checks. */
  readonly truth: readonly (readonly StateSpan<ObservedState>[])[]
  readonly blind: readonly Span[]
}

/**
 * What the environments of the demonstration do, as often as it is named: most are as they say.
 * Left out is what needs a silence that nobody explains for long, or another policy.
 */
const told: readonly MoveCase[] = [
  ...(['moved', 'planned', 'moved_many_hosts', 'moved', 'under_way', 'planned'] as const),
  ...(['moved_to_hosting', 'by_word_only', 'moved', 'born_in_cloud', 'planned'] as const),
  ...(['moved_abroad_openly', 'exempt', 'moved', 'retired', 'old_host_on', 'planned'] as const),
  ...(['moved_recently', 'moved', 'abroad', 'planned', 'undone', 'moved', 'unregistered'] as const),
  ...(['planned', 'moved', 'other_cloud', 'exemption_over', 'moved', 'retired_by_word'] as const),
]

/** Those whose day is late by design are not moved earlier. */
const unshifted: readonly MoveCase[] = ['under_way', 'moved_recently']
/** How much earlier than in the last weeks moves may be: a curve needs a past. Unit: days. */
const shifts = [0, 30, 60, 90]
/** How far ahead what goes wrong is drawn. */
const aheadMs = 30 * dayMs
/** Of what hides the truth so much is kept: the collector has to say all the while that it runs. */
const blindShare = 0.02

/** How much oftener than usual services fail where the target may be missed. */
const worseFactors = [12, 40, 60]

/** Draws the nation whose year ends at an instant. Pure. */
export function demoNation(seed: number, institutions: number, endsAt: EpochMs): DemoNation {
  const to = Math.floor(endsAt / minuteMs) * minuteMs
  const year = { from: Math.floor((to - 365 * dayMs) / dayMs) * dayMs, to }
  const window = { from: year.from, to: to + aheadMs }
  const size = { institutions, agents: institutions * 5, window, outageFactor: 0 }
  const moving = withMoves(synthesizeNation(seed, size), told)
  const bare = { ...moving.nation, institutions: moving.nation.institutions.map(withNames) }
  const outages = outagesIn(bare, year)
  const nation = { ...bare, outages, declarations: declarationsOf(bare) }
  const lastZero = Math.floor(to / dayMs) * dayMs - simulatedDays * dayMs
  const moves = moving.moves.map((move): DemoMove => {
    const random = randomOf(seed, `shift of ${move.institution}/${move.source ?? move.target}`)
    const shift = unshifted.includes(move.case) ? 0 : random.pick(shifts)
    return { ...move, dayZero: lastZero - shift * dayMs }
  })
  const hosts = moves.flatMap((move) => hostsOf(nation, move, window))
  const lives = new Map<string, Span>()
  for (const { institution, environment, life } of hosts) {
    const id = `${institution}/${environment}`
    const known = lives.get(id) ?? life
    const from = Math.min(known.from, life.from)
    lives.set(id, { from, to: Math.max(known.to, life.to) })
  }
  for (const move of moves) {
    const id = `${move.institution}/${move.target}`
    const claim = move.claims.find(({ state }) => state === 'cut_over')
    if (!claim || move.target === null || lives.has(id)) continue
    // Said to be there, and without any host.
    lives.set(id, { from: move.dayZero + claim.day * dayMs, to: window.to })
  }
  return { nation, year, moves, hosts, lives }
}

function withNames(institution: NationInstitution): NationInstitution {
  const environments = institution.environments.map((environment) => {
    const { id, name } = environment
    if (!id.endsWith('-cloud')) return environment
    return { ...environment, name: { ar: `${name.ar} في السحابة`, en: `${name.en} in the cloud` } }
  })
  return { ...institution, environments }
}

/** From noon to noon, as days of moves are; what is there at first was always there. */
function hostsOf(nation: Nation, move: DemoMove, window: Span): HostPlan[] {
  const { institution, dayZero, hosts } = move
  const only = nation.institutions.filter(({ id }) => id === institution)
  const outages = nation.outages.filter((outage) => outage.institution === institution)
  const own = { ...nation, institutions: only, outages }
  const agents = agentsOf(own)
  return hosts.flatMap(({ environment, name, platform, reports }): HostPlan[] => {
    const days = [reports[0]!.from, reports.at(-1)!.to] as const
    const life = {
      from: days[0] === 0 ? window.from : dayZero + days[0] * dayMs,
      to: days[1] === simulatedDays ? window.to : dayZero + days[1] * dayMs,
    }
    const isOne = (each: (typeof agents)[number]) =>
      each.environment === environment && each.agent === name
    const { checks: named } = agents.find(isOne)!
    const isFirst = hosts.find((each) => each.environment === environment)?.name === name
    const steady = isFirst ? steadyChecks(named[0]!.intervalMs) : []
    const checks = [...named, ...steady]
    const at = { institution, environment, agent: name }
    const truth = [
      ...named.map(({ check }) => truthOf(own, { ...at, check }, life)),
      ...steady.map(() => [{ ...life, state: 'up' as const }]),
    ]
    return [{ ...at, name, checks, platform, life, truth, blind: blindSpans(own, at, life) }]
  })
}

/** What one host of each environment looks at beside, and never fails: a reader sees values. */
function steadyChecks(intervalMs: number): CheckDefinition[] {
  return (['clock', 'backup'] as const).map((kind) => ({ check: kind, kind, intervalMs }))
}

function outagesIn(nation: Omit<Nation, 'outages'>, year: Span): Outage[] {
  const { seed, window, institutions } = nation
  const random = randomOf(seed, 'demonstration')
  const isWorse = new Set(institutions.filter(() => random.chance(0.2)).map(({ id }) => id))
  const drawn = institutions.flatMap((institution) => {
    const factor = isWorse.has(institution.id) ? random.pick(worseFactors) : 1.5
    return outagesOf({ seed, window, institutions: [institution] }, factor)
  })
  const kept = drawn.filter(({ cause, institution }) => {
    if (cause === 'service') return true
    const share = isWorse.has(institution ?? '') ? blindShare / 10 : blindShare
    return cause !== 'centre' && cause !== 'clock' && random.chance(share)
  })
  const all = [...kept, ...shownOutages(nation, year.to), ...silences(nation, year.to)]
  return all.sort((a, b) => a.from - b.from)
}

const nowhere = { institution: null, site: null, environment: null, agent: null, check: null }

/** Whoever looks for a few minutes sees something fail and come back. */
function shownOutages(nation: Omit<Nation, 'outages'>, now: EpochMs): Outage[] {
  const { seed, window } = nation
  const random = randomOf(seed, 'shown')
  const agents = agentsOf(nation)
  const found: Outage[] = []
  for (let from = now - 10 * minuteMs; from < window.to; from += random.whole(2, 5) * minuteMs) {
    const { institution, environment, agent, checks } = random.pick(agents)
    const { check, kind } = random.pick(checks)
    found.push({
      ...{ ...nowhere, institution, environment, agent, check, wallErrorMs: 0 },
      ...{ id: `shown/${from}`, cause: 'service' },
      effect: checkKinds[kind] === 'down' ? 'down' : 'degraded',
      ...{ from, to: Math.min(window.to, from + random.whole(3, 12) * minuteMs) },
    })
  }
  return found
}

/** Of thirty institutions one has not been heard for hours. */
function silences({ institutions }: Pick<Nation, 'institutions'>, now: EpochMs): Outage[] {
  const silent = institutions.filter((_, i) => i % 30 === 3)
  return silent.map(({ id }) => ({
    ...{ ...nowhere, id: `silent/${id}`, institution: id, wallErrorMs: 0 },
    ...{ cause: 'agent' as const, effect: 'none' as const },
    ...{ from: now - 3 * hourMs, to: now + aheadMs },
  }))
}
