import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Broken } from '../evidence/claims.ts'
import { NationLog } from '../evidence/export-format.ts'
import { draftOf, evaluateNation } from '../evidence/figures.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { type Checked, computed, requireEqual } from '../evidence/verify.ts'
import type { EnvironmentKey, EvaluationReader } from '../store/store.ts'

const logsSchema = Compile(Type.Array(NationLog, { maxItems: 10_000 }))

/** How far the nation's figures were checked. */
export type NationCheck = {
  /** Institutions whose exports were given and are of the same moment. */
  readonly given: number
  /** Institutions that the nation's figures rest on. */
  readonly logs: number
  /** Only with all of them. */
  readonly isRecomputed: boolean
}

/** The logs behind a nation's figures. Throws Broken where its own log says otherwise of one. */
export function requireLogs({ header, committed }: Checked): NationLog[] {
  const { logs } = header.figures as { readonly logs?: unknown }
  if (!logsSchema.Check(logs)) throw new Broken('figures.logs: it is no list of logs')
  const named = new Map(logs.map((each) => [each.log, each]))
  for (const [log, { size, root }] of committed) {
    const now = named.get(log)
    const isLonger = now !== undefined && now.size >= size
    if (isLonger && (now.size > size || now.root === root)) continue
    throw new Broken(`figures.logs: the national log knows another tree of ${log}`)
  }
  return logs as NationLog[]
}

/** Computes the nation's figures again from the evidence of all. Throws Broken. */
export async function recomputeNation(
  nation: Checked,
  institutions: readonly Checked[],
): Promise<NationCheck> {
  const logs = requireLogs(nation)
  const given = new Map(institutions.map((each) => [each.found.institution, each]))
  const same = logs.filter(({ log, size, root }) => {
    const one = given.get(log)
    if (!one || one.found.sizes[log] !== size) return false
    if (one.rootOf(log) !== root) throw new Broken(`${log}: the nation rests on another log`)
    requireSameNation(nation, one)
    return true
  })
  const about = { given: same.length, logs: logs.length }
  if (same.length < logs.length) return { ...about, isRecomputed: false }
  const readers = new Map(same.map(({ log }) => [log, given.get(log)!.store.reader]))
  const { exportedAt, window, figures } = nation.header
  const reader = joined(nation.store.reader, readers)
  const again = await computed(() => evaluateNation(reader, exportedAt, window, draftOf(figures)))
  requireEqual(figures, { ...again.figures, logs })
  return { ...about, isRecomputed: true }
}

/** Two exports of one moment have the same national log. */
function requireSameNation(nation: Checked, one: Checked): void {
  if (nation.found.sizes[nationalLog] !== one.found.sizes[nationalLog]) return
  if (nation.rootOf(nationalLog) === one.rootOf(nationalLog)) return
  throw new Broken(`${one.found.institution}: its national log is another one`)
}

type Stores = ReadonlyMap<string, EvaluationReader>

/** All that institutions have, each of its own, beside what concerns the nation. */
function joined(national: EvaluationReader, stores: Stores): EvaluationReader {
  const own = ({ institution }: EnvironmentKey) => stores.get(institution)
  const ofAll = async <T>(read: (store: EvaluationReader) => Promise<readonly T[]>) => {
    const all: T[] = []
    for (const store of stores.values()) all.push(...(await read(store)))
    return all
  }
  return {
    ...national,
    entries: async () => {
      const common = await national.entries()
      const known = new Set(common.map((entry) => JSON.stringify(entry)))
      const rest = await ofAll((store) => store.entries())
      return [...common, ...rest.filter((entry) => !known.has(JSON.stringify(entry)))]
    },
    checks: async (key) =>
      key ? ((await own(key)?.checks(key)) ?? []) : ofAll((store) => store.checks()),
    contacts: () => ofAll((store) => store.contacts()),
    values: async () => new Map(),
    timeline: async () => [],
    timelines: async (key, window) => (await own(key)?.timelines(key, window)) ?? new Map(),
    boots: async (key, window) => (await own(key)?.boots(key, window)) ?? [],
    clockSpans: async (key, window) => (await own(key)?.clockSpans(key, window)) ?? [],
    pauses: async (key, window) => (await own(key)?.pauses(key, window)) ?? [],
    checkSums: async (key, window) => (await own(key)?.checkSums(key, window)) ?? [],
    facts: async (key) => (await own(key)?.facts(key)) ?? [],
    factsAt: async (key, at) => (await own(key)?.factsAt(key, at)) ?? [],
    factDays: async (key, indicators, window) =>
      (await own(key)?.factDays(key, indicators, window)) ?? [],
    valuesOver: async (key, window) => (await own(key)?.valuesOver(key, window)) ?? [],
  }
}
