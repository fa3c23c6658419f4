import { checkKinds, type State } from '../../protocol/check.ts'
import { type EpochMs, intersect, lengthMs, type Span, subtract } from '../../protocol/time.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { usedWitnesses } from '../evidence/witnesses.ts'
import type {
  CheckLoss,
  LostAnswer,
  LostAsked,
  LostRow,
  LostSummary,
  LostTotals,
} from '../http/views.ts'
import { noTime, type Sums } from '../kpi/environment-day.ts'
import {
  addTotals,
  type Explanation,
  explain,
  type LostStretch,
  outageFigures,
  reliefs,
} from '../kpi/explain.ts'
import type { Ledger } from '../kpi/ledger.ts'
import type { EnvironmentRow, Snapshot } from '../kpi/snapshot.ts'
import type { MessageSearch } from '../store/message-search.ts'
import type { Reader } from '../store/sqlite/sqlite.ts'
import type { CheckRecord, EnvironmentKey } from '../store/store.ts'

/** What time lost is told from: the last evaluation and its ledgers. */
export type LostBasis = {
  readonly snapshot: Snapshot
  /** The policy says that degraded time is no available time. */
  readonly degradedIsLost: boolean
  readonly ledgerOf: (key: EnvironmentKey) => Ledger | null
}

/** What was found of one environment, and the sums that its figure rests on. */
type Found = Explanation & { readonly sums: Sums }

type EvidenceReader = Pick<Reader, 'checks' | 'timelines' | 'entries' | 'contacts'> & MessageSearch

/** Checks, and agents, that are named for one stretch. */
const checksShownMax = 50
const agentsShownMax = 10
/** Outages that are listed, the newest. */
const outagesShownMax = 1_000

/**
 * Where the time of an environment went in a window, with the evidence for one page of it; null
 * for one that the last evaluation does not know.
 */
export async function lostTime(
  basis: LostBasis,
  reader: EvidenceReader,
  key: EnvironmentKey,
  { window, order, after, limit }: LostAsked,
): Promise<LostAnswer | null> {
  const { asOf } = basis.snapshot
  const row = rowsOf(basis, key.institution)?.find(({ id }) => id === key.environment)
  if (!row) return null
  const shown = shownWindow(basis, window)
  const explanation = explanationOf(basis, key.institution, row, shown)
  const isNewest = order === 'newest'
  const ordered = isNewest ? explanation.stretches.toReversed() : explanation.stretches
  const follows = (from: EpochMs, than: EpochMs) => (isNewest ? from < than : from > than)
  const rest = ordered.filter(({ from }) => after === null || follows(from, after))
  const page = rest.slice(0, limit)
  const known = {
    key,
    checks: await reader.checks(key),
    witnesses: await witnessesOf(reader, key, page),
  }
  const stretches: LostRow[] = []
  for (const stretch of page) {
    stretches.push({ ...stretch, ...(await evidenceOf(reader, known, stretch)) })
  }
  return {
    ...{ asOf, window: shown, ...totalsOf([explanation]) },
    outageList: explanation.outages.slice(-outagesShownMax),
    stretches,
    next: rest.length > page.length ? page.at(-1)!.from : null,
  }
}

/** The same of an institution in sums: of all its environments together, and of each. */
export function lostSummary(
  basis: LostBasis,
  institution: string,
  window: LostAsked['window'],
): LostSummary | null {
  const rows = rowsOf(basis, institution)
  if (!rows) return null
  const shown = shownWindow(basis, window)
  const found = rows.map((row) => explanationOf(basis, institution, row, shown))
  return {
    ...{ asOf: basis.snapshot.asOf, window: shown, ...totalsOf(found) },
    environments: rows.map(({ id }, i) => ({ id, ...totalsOf([found[i]!]) })),
  }
}

function rowsOf({ snapshot }: LostBasis, institution: string): readonly EnvironmentRow[] | null {
  return snapshot.institutions.find(({ id }) => id === institution)?.environments ?? null
}

/** A window of the snapshot by name, or any other up to where the figures end. */
function shownWindow({ snapshot }: LostBasis, window: LostAsked['window']): Span {
  const { windows, asOf } = snapshot
  if (typeof window === 'string') return windows[window]
  return { from: Math.min(window.from, asOf), to: Math.min(window.to, asOf) }
}

function explanationOf(
  { snapshot: { asOf }, degradedIsLost, ledgerOf }: LostBasis,
  institution: string,
  { id, provider }: EnvironmentRow,
  window: Span,
): Found {
  const ledger = ledgerOf({ institution, environment: id })
  const options = { window, asOf, provider, degradedIsLost }
  return { ...explain(ledger?.pieces(window) ?? [], options), sums: ledger?.sums(window) ?? noTime }
}

function totalsOf(found: readonly Found[]): LostTotals {
  const stretches = found.flatMap((each) => each.stretches)
  const relieved = reliefs.map((relief) => {
    const own = stretches.filter((stretch) => stretch.relief === relief)
    return [relief, own.reduce((sum, stretch) => sum + lengthMs(stretch), 0)]
  })
  const sumOf = (name: keyof Sums) => found.reduce((total, { sums }) => total + sums[name], 0)
  return {
    outages: outageFigures(found.flatMap(({ outages }) => outages)),
    byCause: addTotals(found.flatMap(({ byCause }) => byCause)),
    // The keys are exactly the reliefs.
    reliefMs: Object.fromEntries(relieved) as LostTotals['reliefMs'],
    attestedMs: {
      self: sumOf('selfAttested'),
      witnessed: sumOf('witnessed'),
      both: sumOf('bothAttested'),
    },
  }
}

/** What is known of an environment whatever the stretch. */
type Known = {
  readonly key: EnvironmentKey
  readonly checks: readonly CheckRecord[]
  /** Ids of the agents that watch it from outside, where a stretch rests on them. */
  readonly witnesses: readonly string[]
}

/** The checks that were down or missing in a stretch, and the messages of their agents about it. */
async function evidenceOf(
  reader: EvidenceReader,
  { key, checks, witnesses }: Known,
  stretch: LostStretch,
): Promise<Pick<LostRow, 'checks' | 'moreChecks' | 'messages'>> {
  const observed = stretch.disputed?.was ?? stretch.state
  const timelines = await reader.timelines(key, stretch)
  const found = checks.flatMap((check): (CheckLoss & { agentId: string })[] => {
    const loss = lossOf(check, timelines.get(check.number) ?? [], stretch, observed)
    return loss ? [{ ...loss, agentId: check.agent }] : []
  })
  const own = [...new Set(found.map(({ agentId }) => agentId))].slice(0, agentsShownMax)
  const outside = isWitnessed(stretch) ? witnesses : []
  const messages: LostRow['messages'][number][] = []
  for (const [log, agents] of [
    [key.institution, own],
    [nationalLog, outside],
  ] as const) {
    for (const agent of agents) {
      messages.push({ agent, log, ...(await reader.messagesAbout(log, agent, stretch)) })
    }
  }
  return {
    checks: found.slice(0, checksShownMax).map(({ agentId: _id, ...loss }) => loss),
    moreChecks: Math.max(0, found.length - checksShownMax),
    messages,
  }
}

async function witnessesOf(
  reader: EvidenceReader,
  { institution, environment }: EnvironmentKey,
  stretches: readonly LostStretch[],
): Promise<string[]> {
  if (!stretches.some(isWitnessed)) return []
  return [...(await usedWitnesses(reader, institution, environment)).agents].slice(
    0,
    agentsShownMax,
  )
}

function isWitnessed({ attested }: LostStretch): boolean {
  return attested === 'witnessed' || attested === 'both'
}

/** How long one check was as the stretch was: down or degraded as seen, unknown as not seen. */
function lossOf(
  { name, kind, since }: CheckRecord,
  timeline: readonly (Span & { state: State; reason?: CheckLoss['reason'] })[],
  stretch: Span,
  observed: State,
): CheckLoss | null {
  if (since === null || since >= stretch.to) return null
  const own = timeline.filter((span) => intersect(span, stretch))
  if (observed === 'unknown') {
    const missing = checkKinds[kind] === 'down' ? subtract(stretch, own) : []
    const ms = missing.reduce((sum, span) => sum + lengthMs(span), 0)
    return ms === 0 ? null : { check: name, state: 'unknown', ms, reason: null }
  }
  const bad = own.filter(({ state }) => state === observed)
  const ms = bad.reduce((sum, span) => sum + lengthMs(intersect(span, stretch)!), 0)
  return ms === 0 ? null : { check: name, state: observed, ms, reason: bad.at(-1)?.reason ?? null }
}
