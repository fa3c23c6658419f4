import { compress } from 'snappyjs'
import type { EpochMs, Span } from '../../../protocol/time.ts'
import { AppError, type ErrorCode } from '../../error.ts'
import type { Figure } from '../../kpi/snapshot.ts'
import type { HistoryBasis } from './basis.ts'
import { figuresAt, isNationAsked, membersOf, windowsOf } from './figures-at.ts'
import { instantsOf } from './instants.ts'
import { type KeptReader, keptOf, standingOf } from './kept.ts'
import type { StandingRevision } from './kept-values.ts'
import { historyLimits } from './limits.ts'
import { type Place, Selector } from './selector.ts'
import { uncompress } from './snappy.ts'
import { type HistorySeries, type ReadQuery, readRequest, readResponse } from './wire.ts'

/** The body of an answer, or why there is none. */
export type HistoryAnswer =
  | { readonly body: Uint8Array<ArrayBuffer> }
  | { readonly refused: { readonly code: ErrorCode; readonly message: string } }

export type HistoryOptions = {
  /** Null before the first evaluation. */
  readonly basis: HistoryBasis | null
  readonly reader: KeptReader
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>
}

/** Environments that are looked up between two pauses: some ten milliseconds. */
const lookupsBetweenPauses = 4_000
/** Comparisons of an instant with a span of what was kept: about as long as one of those. */
const comparedInOneLookup = 250

/**
 * Answers a remote-read request of Prometheus: the body as it came, by the body to send. What is
 * shown is what is known now, revised history included. Source: docs/prometheus-and-grafana.md.
 */
export async function answerHistory(
  compressed: Uint8Array,
  options: HistoryOptions,
): Promise<HistoryAnswer> {
  try {
    const queries = readRequest(uncompressed(compressed))
    const results: HistorySeries[][] = []
    for (const query of queries) results.push(await history(query, options))
    return { body: compress(readResponse(results)) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { refused: { code: error.code, message: error.message } }
  }
}

function uncompressed(body: Uint8Array): Uint8Array {
  try {
    return uncompress(body, historyLimits.requestBytesMax)
  } catch {
    const most = `${historyLimits.requestBytesMax / 1024} KiB`
    throw new AppError('invalid', `The body is no block of snappy, or of more than ${most}.`)
  }
}

async function history(
  query: ReadQuery,
  { basis, reader, pause }: HistoryOptions,
): Promise<HistorySeries[]> {
  const selector = new Selector(query.matchers)
  if (!basis) throw new AppError('unavailable', 'The first figures are still being computed.')
  // The first instant has no time behind it.
  const known = { from: basis.measuredFrom + 1, to: basis.asOf }
  const instants = instantsOf(query, known, historyLimits.instantsMax)
  const most = historyLimits.instantsMax
  if (instants.length > most) throw tooMuch(`${most} instants`)
  const lookups = selector.isEmpty ? 0 : lookupsAt(basis, selector)
  if (lookups * instants.length > historyLimits.lookupsMax) {
    throw tooMuch(`${historyLimits.lookupsMax} windows of environments`)
  }
  const book = new SeriesBook(selector)
  const revisions = await standingOf(selector, reader, instants)
  let looked = 0
  for (const { labels, spans } of await keptOf(selector, reader, { basis, revisions })) {
    book.addKept(labels, instants, spans)
    looked += (instants.length * spans.length) / comparedInOneLookup
    if (looked < lookupsBetweenPauses) continue
    looked = 0
    await pause()
  }
  if (selector.isEmpty) return book.series()
  for (const at of instants) {
    for (const { place, window, figure } of figuresAt(basis, selector, at)) {
      book.add(place, window, at, figure)
    }
    for (const revision of revisions) {
      if (revision.from <= at && at < revision.to) addFrozen(book, selector, revision, at)
    }
    looked += lookups
    if (looked < lookupsBetweenPauses) continue
    looked = 0
    await pause()
  }
  return book.series()
}

/** Windows of environments that are looked up for one instant, by the register of now. */
function lookupsAt(basis: HistoryBasis, selector: Selector): number {
  const newest = basis.basisAt(basis.asOf)
  const members = membersOf(newest, selector, isNationAsked(selector))
  const environments = [...members.values()].reduce((sum, { sources }) => sum + sources.length, 1)
  return environments * windowsOf(selector).length
}

/** The series of one query, as far as they have come. */
class SeriesBook {
  readonly #selector: Selector
  readonly #held = new Map<string, Growing[]>()
  readonly #kept: HistorySeries[] = []
  #series = 0
  #samples = 0

  constructor(selector: Selector) {
    this.#selector = selector
  }

  /** Throws AppError `too_large`. */
  add(place: Place, window: string, at: EpochMs, figure: Figure): void {
    const key = `${place.scope}/${place.institution}/${place.environment}/${window}`
    let all = this.#held.get(key)
    if (!all) {
      all = this.#selector.wanted(place, window).map((wanted) => ({
        ...wanted,
        instants: [],
        values: [],
      }))
      this.#held.set(key, all)
      this.#series += all.length
    }
    this.#samples += all.length
    this.#check()
    for (const { instants, values, value } of all) {
      instants.push(at)
      values.push(value(figure))
    }
  }

  /** A series with the values that were kept for the time of each instant. Throws the same. */
  addKept(
    labels: HistorySeries['labels'],
    instants: readonly EpochMs[],
    spans: readonly (Span & { readonly value: number })[],
  ): void {
    const samples = instants.flatMap((at) => {
      const kept = spans.findLast(({ from, to }) => from <= at && at < to)
      return kept ? [{ at, value: kept.value }] : []
    })
    if (samples.length === 0) return
    this.#series++
    this.#samples += samples.length
    this.#check()
    const values = samples.map(({ value }) => value)
    this.#kept.push({ labels, instants: samples.map(({ at }) => at), values })
  }

  series(): HistorySeries[] {
    return [...[...this.#held.values()].flat(), ...this.#kept]
  }

  #check(): void {
    const { seriesMax, samplesMax } = historyLimits
    if (this.#series > seriesMax) throw tooMuch(`${seriesMax} series`)
    if (this.#samples > samplesMax) throw tooMuch(`${samplesMax} samples`)
  }
}

type Growing = ReturnType<Selector['wanted']>[number] & {
  readonly instants: EpochMs[]
  readonly values: number[]
}

function tooMuch(most: string): AppError {
  const hint = 'Ask for fewer institutions, a shorter time or a longer step.'
  return new AppError('too_large', `One query gets at most ${most}. ${hint}`)
}

function addFrozen(
  book: SeriesBook,
  selector: Selector,
  { figures: { cycle, nation, institutions } }: StandingRevision,
  at: EpochMs,
): void {
  const add = (place: Place, figure: Figure) => {
    const { scope, institution, environment } = place
    const isAsked =
      selector.allows('scope', scope) &&
      selector.allows('institution', institution) &&
      selector.allows('environment', environment)
    if (isAsked) book.add(place, cycle.id, at, figure)
  }
  const whole = { scope: 'nation', institution: '', environment: '' } as const
  add(whole, nation.continuity[nation.headline])
  for (const { id: institution, continuity, environments } of institutions) {
    add({ scope: 'institution', institution, environment: '' }, continuity)
    for (const { id: environment, continuity } of environments) {
      add({ scope: 'environment', institution, environment }, continuity)
    }
  }
}
