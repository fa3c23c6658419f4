import type { Batch, CheckDefinition, Fact, Pause, Run, Steady } from '../protocol/batch.ts'
import { definitionsHash } from '../protocol/definitions.ts'
import { limits } from '../protocol/limits.ts'
import { type BootMs, type EpochMs, hourMs } from '../protocol/time.ts'
import { type CheckFold, type Fold, hasNews } from './fold.ts'

/** What a batch says; its place in the sequence is added when it is signed. */
export type Body = Omit<Batch, 'v' | 'agent' | 'epoch' | 'seq' | 'prev'>

/**
 * How often a batch spells out all definitions and runs. After a loss the collector can read
 * `steady` only from such a batch on, so this is the most that a loss can take with it.
 */
const fullMs = 6 * hourMs

/** JSON bytes of a body: base64url adds a third, the envelope and the signature need the rest. */
const bodyBytesMax = Math.floor(((limits.messageBytesMax - 1_024) * 3) / 4)

/** What the definitions of one agent may take together, so that one batch can hold them. */
export const definitionsBytesMax = 32 * 1024

/** Closes what is decided so far into batches, and gives the fold that goes on from there. */
export function seal(
  fold: Fold,
  sealed: { wall: EpochMs; boot: BootMs },
  isYoung: boolean,
): { bodies: Body[]; fold: Fold } {
  const full = fold.fullAt === null || sealed.boot - fold.fullAt >= fullMs
  const valuesDue = isYoung || sealed.boot - fold.valuesAt >= hourMs
  const definitions = fold.checks.map(({ definition }) => definition)
  const steady: Steady = { checks: definitionsHash(definitions), through: [], counts: [] }
  const runs: Run[] = []
  for (const check of fold.checks) {
    const goesOn = !full && !hasNews(check) ? check.stretches[0] : undefined
    steady.through.push(goesOn?.to ?? null)
    steady.counts.push(goesOn?.count ?? 0)
    if (!goesOn) runs.push(...runsOf(check))
  }
  const facts = [...(fold.facts ?? []), ...(valuesDue ? factsOf(fold, sealed.boot) : [])]
  const pauses = fold.pauses.filter((pause) => !pause.sealed)
  const isQuiet = steady.through.every((through) => through === null)
  if (isQuiet && runs.length + facts.length + pauses.length === 0) return { bodies: [], fold }
  const head = { boot: fold.boot, sealed, window: { from: fold.from, to: sealed.boot } }
  return {
    bodies: split(head, steady, runs, facts, pauses, full ? definitions : undefined),
    fold: {
      ...fold,
      checks: fold.checks.map((check) => afterSeal(check, valuesDue)),
      pauses: stillNeeded(fold),
      from: sealed.boot,
      fullAt: full ? sealed.boot : fold.fullAt,
      valuesAt: valuesDue ? sealed.boot : fold.valuesAt,
      facts: [],
    },
  }
}

/** The fold when the collector cannot rest on what it was told before: all is spelled out anew. */
export function forgetSealed(fold: Fold): Fold {
  return { ...fold, fullAt: null }
}

function runsOf({ definition, stretches }: CheckFold): Run[] {
  return stretches.map(({ state, from, to, count, reason }) => {
    return { check: definition.check, state, from, to, count, ...(reason && { reason }) }
  })
}

function factsOf(fold: Fold, at: BootMs): Fact[] {
  return fold.checks.flatMap(({ definition, values, parts = {} }) => {
    const indicator = `check.${definition.check}`
    const told = Object.entries(parts).map(([part, value]) => ({
      indicator: `${indicator}.${part}`,
      at,
      value,
    }))
    return values ? [{ indicator, at, value: values }, ...told] : told
  })
}

function afterSeal(check: CheckFold, valuesDue: boolean): CheckFold {
  const sealed = check.stretches.at(-1) ?? check.sealed
  if (!valuesDue) return { ...check, stretches: [], sealed }
  return { ...check, stretches: [], sealed, values: null, parts: {} }
}

/** A pause may still explain the stretch that begins at a check's last look. */
function stillNeeded({ checks, pauses }: Fold): Fold['pauses'] {
  const opens = checks.map(({ last, doubt }) => (last ?? doubt)?.at ?? Number.POSITIVE_INFINITY)
  const openFrom = Math.min(...opens)
  return pauses.filter(({ to }) => to > openFrom).map((pause) => ({ ...pause, sealed: true }))
}

/** Spreads the content over as many bodies as the limits of one message ask for, in order. */
function split(
  head: Pick<Body, 'boot' | 'sealed' | 'window'>,
  steady: Steady,
  runs: readonly Run[],
  facts: readonly Fact[],
  pauses: readonly (Pause & { sealed?: true })[],
  checks: CheckDefinition[] | undefined,
): Body[] {
  const { length } = steady.through
  const quiet = { ...steady, through: Array(length).fill(null), counts: Array(length).fill(0) }
  const empty = (): Body => ({ ...head, runs: [], steady: quiet, facts: [], pauses: [] })
  const bodies: Body[] = [{ ...empty(), steady, ...(checks && { checks }) }]
  let body = bodies[0] as Body // the array was just made with one element
  let bytes = bytesOf(body)
  const add = <T>(list: (body: Body) => T[], item: T, itemsMax: number) => {
    const itemBytes = bytesOf(item) + 1
    if (bytes + itemBytes > bodyBytesMax || list(body).length >= itemsMax) {
      body = empty()
      bodies.push(body)
      bytes = bytesOf(body)
    }
    list(body).push(item)
    bytes += itemBytes
  }
  for (const { from, to, why } of pauses) {
    add((body) => body.pauses, { from, to, why }, limits.pausesMax)
  }
  for (const run of runs) add((body) => body.runs, run, limits.runsMax)
  for (const fact of facts) add((body) => body.facts, fact, limits.factsMax)
  return bodies
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
