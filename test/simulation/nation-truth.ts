import { clip, type StateSpan } from '../../collector/kpi/timeline.ts'
import { checkKinds, type ObservedState } from '../../protocol/check.ts'
import { type Span, subtract, union } from '../../protocol/time.ts'
import type { AgentAddress, Cause, CheckAddress, Nation, Outage } from './nation.ts'

/**
 * The true state of a check: contiguous spans that fill the window, neighbours differ. Nobody has
 * to be able to see it: what an agent can know is less by `blindSpans`. Throws for an unknown check.
 */
export function truthOf(
  nation: Nation,
  check: CheckAddress,
  window: Span,
): StateSpan<ObservedState>[] {
  const { site, kind } = placeOf(nation, check)
  const hits = nation.outages.filter((outage) => hitsAgent(outage, check, site))
  const ofCheck = hits.filter((outage) => outage.check === null || outage.check === check.check)
  const spansOf = (effect: Outage['effect']) =>
    union(ofCheck.filter((outage) => outage.effect === effect))
  const worst = spansOf('down').map((span) => ({ ...span, state: checkKinds[kind] }))
  const mild = spansOf('degraded').flatMap((span) =>
    subtract(span, worst).map((rest) => ({ ...rest, state: 'degraded' as const })),
  )
  const bad: StateSpan<ObservedState>[] = clip([...worst, ...mild].sort(byStart), window)
  const good = subtract(window, bad).map((span) => ({ ...span, state: 'up' as const }))
  return joined([...bad, ...good].sort(byStart))
}

/** When an agent cannot look: its host has no power or is broken, or it is itself stopped. */
export function blindSpans(nation: Nation, agent: AgentAddress, window: Span): Span[] {
  return spansOf(nation, agent, ['power', 'host', 'agent'], window)
}

/** When an agent looks but cannot report: its site is cut off, or the centre is away. */
export function cutOffSpans(nation: Nation, agent: AgentAddress, window: Span): Span[] {
  return spansOf(nation, agent, ['network', 'centre'], window)
}

/** The outages that concern an agent or its host, whatever their cause. */
export function outagesAt(nation: Nation, agent: AgentAddress): Outage[] {
  const { site } = placeOf(nation, agent)
  return nation.outages.filter((outage) => hitsAgent(outage, agent, site))
}

function spansOf(nation: Nation, agent: AgentAddress, causes: Cause[], window: Span): Span[] {
  const hits = outagesAt(nation, agent).filter(({ cause }) => causes.includes(cause))
  const known = hits.map(({ from, to }) => {
    return { from: Math.max(from, window.from), to: Math.min(to, window.to) }
  })
  return union(known)
}

function placeOf(nation: Nation, { institution, environment, agent, ...rest }: AgentAddress) {
  const found = nation.institutions
    .find(({ id }) => id === institution)
    ?.environments.find(({ id }) => id === environment)
  const checks = found?.agents.find(({ name }) => name === agent)?.checks ?? []
  const name = (rest as Partial<CheckAddress>).check
  const check = name === undefined ? checks[0] : checks.find((each) => each.check === name)
  if (!found || !check) {
    const asked = [institution, environment, agent, name].join('/')
    throw new Error(`The nation has no ${asked}.`)
  }
  return { site: found.site, kind: check.kind }
}

function hitsAgent(outage: Outage, at: AgentAddress, site: string): boolean {
  const fits = (name: string | null, own: string) => name === null || name === own
  return (
    fits(outage.institution, at.institution) &&
    fits(outage.environment, at.environment) &&
    fits(outage.site, site) &&
    fits(outage.agent, at.agent)
  )
}

function byStart(a: Span, b: Span): number {
  return a.from - b.from
}

/** Neighbours of one state become one span. */
function joined(spans: readonly StateSpan<ObservedState>[]): StateSpan<ObservedState>[] {
  const all: StateSpan<ObservedState>[] = []
  for (const span of spans) {
    const last = all.at(-1)
    if (last && last.state === span.state && last.to === span.from) {
      all[all.length - 1] = { ...last, to: span.to }
    } else all.push(span)
  }
  return all
}
