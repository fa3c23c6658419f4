import { DocumentError } from '../../protocol/document.ts'
import { sha256 } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { Turns } from '../ingest/turns.ts'
import { cycleById } from '../kpi/cycle.ts'
import {
  foldOfficial,
  type OfficialBook,
  type OfficialChange,
  type OfficialKey,
  type OfficialRow,
  officialDifference,
  officialSubject,
  resultOf,
} from '../official/official-log.ts'
import {
  foldProgramme,
  type ProgrammeBook,
  programmeDifference,
} from '../official/programme-log.ts'
import type { ProgrammeFigure } from '../official/programme-schema.ts'
import { type OfficialFile, readOfficial } from '../official/read-official.ts'
import { readProgramme } from '../official/read-programme.ts'
import type { Entry } from '../register/difference.ts'
import { policyAt } from '../register/history.ts'
import { parseSubject } from '../register/subject.ts'
import type { EvidenceReader, EvidenceWriter } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { applyActs } from './acts.ts'
import { HeldHistory, type LogSource } from './held-log.ts'
import { may, requireMay, sees } from './permissions.ts'

export type OfficialOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'entries'> & LogSource
  /** What is held of the register for all who judge acts; one of its own without it. */
  readonly history?: HeldHistory
  readonly now: () => EpochMs
}

/** What an import would do or did: one act for each change. */
export type Imported<C> = {
  readonly isApplied: boolean
  readonly changes: C[]
  /** Rows that stand already as the file has them. */
  readonly same: number
}

/**
 * How an import is asked for: without a reason it is only shown what it would do. With `seen` it is
 * done only if it would still do what was shown under that hash.
 */
export type Asked =
  | { readonly apply: false }
  | { readonly apply: true; readonly why: string; readonly seen?: string }

/** One figure of the programme that a file changes; null where there is none. */
export type ProgrammeChange = {
  readonly what: string
  readonly before: ProgrammeFigure | null
  readonly after: ProgrammeFigure | null
}

/**
 * What others published: official results by cycle, and the figures of the programme. Imported as
 * they were published, whole files or nothing, each change an act in the national log. Figures
 * measured here never rest on it.
 */
export class Official {
  readonly #options: OfficialOptions
  readonly #turns = new Turns()
  readonly #history: HeldHistory
  readonly #results: OfficialBook
  readonly #programme: ProgrammeBook

  private constructor(options: OfficialOptions, results: OfficialBook, programme: ProgrammeBook) {
    this.#options = options
    this.#history = options.history ?? new HeldHistory(options.store)
    this.#results = results
    this.#programme = programme
  }

  /** Reads what the log says. */
  static async open(options: OfficialOptions): Promise<Official> {
    const entries = await options.store.entries()
    const results = foldOfficial(new Map(), entries)
    return new Official(options, results, foldProgramme(new Map(), entries))
  }

  /**
   * What an account may see, the newest cycle first and the nation before institutions; of one
   * cycle where one is named.
   */
  results(account: Account, cycle?: string): OfficialRow[] {
    return [...this.#results.values()]
      .filter(({ institution }) => institution === nationalLog || sees(account, institution))
      .filter((row) => cycle === undefined || row.cycle === cycle)
      .sort((a, b) => compare(b.cycle, a.cycle) || order(a, b))
  }

  /** What stands for one institution, or for `national`, by cycle. */
  seriesOf(institution: string): OfficialRow[] {
    const all = [...this.#results.values()]
    const own = all.filter((row) => row.institution === institution)
    return own.sort((a, b) => compare(a.cycle, b.cycle))
  }

  /** The figures of the programme, by id. */
  programme(): ProgrammeFigure[] {
    const number = ({ id }: ProgrammeFigure) => Number(id.slice(1))
    return [...this.#programme.values()].sort((a, b) => number(a) - number(b))
  }

  /**
   * Imports the results of a cycle, or tells what that would change. What the file does not name
   * stays as it is. Throws AppError; DocumentError with all problems of the file.
   */
  importResults(
    account: Account,
    cycle: string,
    file: OfficialFile,
    asked: Asked,
  ): Promise<Imported<OfficialChange>> {
    return this.#turns.take(async () => {
      requireImporter(account)
      const at = this.#options.now()
      const { timezone, institutions } = await this.#rules(cycle, at)
      const rows = readOfficial(file, { cycle, institutions, now: at, timezone })
      const { changes, same } = officialDifference(this.#results, rows)
      if (!asked.apply) return { isApplied: false, changes, same }
      requireSeen(changes, asked.seen)
      const entries = await this.#act(account, changes, asked.why, at)
      foldOfficial(this.#results, entries)
      return { isApplied: true, changes, same }
    })
  }

  /** Takes one result back that should not have been imported. Throws AppError. */
  withdraw(account: Account, key: OfficialKey, why: string): Promise<void> {
    return this.#turns.take(async () => {
      requireImporter(account)
      const what = officialSubject(key)
      const known = this.#results.get(what)
      if (!known) throw new AppError('not_found', 'There is no such official result.')
      const change = { what, before: resultOf(known), after: null }
      foldOfficial(this.#results, await this.#act(account, [change], why, this.#options.now()))
    })
  }

  /**
   * Imports the programme's figures, or tells what that would change. The file is all there is: a
   * figure that it does not name is taken back. Throws AppError; DocumentError.
   */
  importProgramme(
    account: Account,
    text: string,
    name: string,
    asked: Asked,
  ): Promise<Imported<ProgrammeChange>> {
    return this.#turns.take(async () => {
      requireImporter(account)
      const at = this.#options.now()
      const figures = readProgramme(text, name, at)
      const { changes, same } = programmeDifference(this.#programme, figures)
      if (!asked.apply) return { isApplied: false, changes, same }
      requireSeen(changes, asked.seen)
      foldProgramme(this.#programme, await this.#act(account, changes, asked.why, at))
      return { isApplied: true, changes, same }
    })
  }

  async #act(
    { id: actor, role }: Account,
    changes: readonly Pick<Entry, 'what' | 'before' | 'after'>[],
    why: string,
    at: EpochMs,
  ): Promise<Entry[]> {
    const entries = changes.map((change) => ({ ...change, actor, role, why, effectiveFrom: at }))
    const acts = entries.map((entry) => ({ log: nationalLog, entry }))
    if (acts.length > 0) await applyActs(this.#options.store, acts, at)
    return entries
  }

  /** Throws AppError for a cycle that there is none of, or that has not begun. */
  async requireCycle(cycle: string): Promise<void> {
    await this.#rules(cycle, this.#options.now())
  }

  async #rules(cycle: string, at: EpochMs) {
    const history = await this.#history.read()
    if (history.size === 0) throw new AppError('unavailable', 'No register has been applied yet.')
    const { timezone, cycleMonths } = policyAt(history, at)
    const known = cycleById(cycle, timezone, cycleMonths)
    if (!known) throw invalid('cycle', 'The cycle must be an id such as 2027-04 or 2027-10.')
    if (known.from > at) throw invalid('future', 'The cycle has not begun yet.')
    const institutions = [...history.keys()].flatMap((what) => {
      const subject = parseSubject(what)
      return subject?.about === 'institution' ? [subject.institution] : []
    })
    return { timezone, institutions: new Set(institutions) }
  }
}

/** Whether an account imports what others published. */
export function importsOfficial(account: Account): boolean {
  return may(account, 'official.import')
}

function requireImporter(account: Account): void {
  requireMay(account, 'official.import')
}

/** The hash by which an import names the changes that were shown. */
export function seenOf(changes: readonly object[]): string {
  return sha256(JSON.stringify(changes))
}

/** Throws AppError where others have recorded something since: what is done was looked at. */
function requireSeen(changes: readonly object[], seen: string | undefined): void {
  if (seen === undefined || changes.length === 0 || seen === seenOf(changes)) return
  const message = 'What is recorded has changed since this was shown: look at it again.'
  throw new AppError('conflict', message, { detail: { rule: 'changed' } })
}

/** What a file is refused with over the API: all its problems, none of its content. */
export function refusedFile(error: unknown): AppError {
  if (!(error instanceof DocumentError)) throw error
  const { problems } = error
  const message = `The file was refused; nothing was changed. Problems: ${problems.length}.`
  const shown = problems.slice(0, problemsShownMax)
  const detail = { problems: shown.map(({ line, path, message }) => ({ line, path, message })) }
  return new AppError('invalid', message, { detail, cause: error })
}

const problemsShownMax = 200

function invalid(rule: string, message: string): AppError {
  return new AppError('invalid', message, { detail: { rule } })
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The nation first. */
function order(a: OfficialKey, b: OfficialKey): number {
  const key = ({ institution }: OfficialKey) => (institution === nationalLog ? '' : institution)
  return compare(key(a), key(b))
}
