import { readFileSync } from 'node:fs'
import { DocumentError } from '../../protocol/document.ts'
import { dayOf, type EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { applyActs, type NewAct } from '../people/acts.ts'
import type { Effect, EvidenceReader, EvidenceWriter } from '../store/store.ts'
import { type Applying, type Declared, difference, type Entry } from './difference.ts'
import {
  environmentHistories,
  grownHistory,
  type RegisterHistory,
  registerHistory,
} from './history.ts'
import { readPolicy } from './policy.ts'
import { readRegister } from './register.ts'
import { parseSubject } from './subject.ts'

/**
 * Reads both files. Throws DocumentError with the problems of both, AppError when one is missing.
 */
export function readDeclared(registerFile: string, policyFile: string, now: EpochMs): Declared {
  const problems: DocumentError[] = []
  const read = <T>(file: string, reader: (text: string, file: string) => T): T | null => {
    try {
      return reader(textOf(file), file)
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error
      problems.push(error)
      return null
    }
  }
  const register = read(registerFile, readRegister)
  const settings = read(policyFile, (text, file) => readPolicy(text, file, now))
  if (!register || !settings) throw new DocumentError(problems.flatMap((error) => error.problems))
  return { register, settings }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AppError('configuration', `Cannot read ${file}.`, { cause })
  }
}

/** The entries that the files would add, without adding them. */
export async function pendingEntries(
  store: Pick<EvidenceReader, 'entries'>,
  declared: Declared,
  applying: Applying,
  now: EpochMs,
): Promise<Entry[]> {
  return difference(registerHistory(await store.entries()), declared, applying, now)
}

/** What applying the files did, and what of it only another person can let in. */
export type Applied = {
  readonly entries: readonly Entry[]
  /** Changes of settings in force: nothing of them was stored. */
  readonly withheld: readonly Entry[]
}

/**
 * Makes the register what the files say, one entry per difference, and the policy where there was
 * none before: a policy in force is not changed by one person.
 */
export async function applyDeclared(
  store: EvidenceWriter & Pick<EvidenceReader, 'entries'>,
  declared: Declared,
  applying: Applying,
  now: EpochMs,
): Promise<Applied> {
  const history = registerHistory(await store.entries())
  const all = difference(history, declared, applying, now)
  const isFirst = ![...history.keys()].some(isSetting)
  const entries = all.filter(({ what }) => isFirst || !isSetting(what))
  await applyActs(store, entryActs(history, entries), now)
  return { entries, withheld: all.filter(({ what }) => !isFirst && isSetting(what)) }
}

function isSetting(what: string): boolean {
  return parseSubject(what)?.about === 'setting'
}

/** The acts of entries about register and policy, with the days on which what counts changes. */
export function entryActs(history: RegisterHistory, entries: readonly Entry[]): NewAct[] {
  const all = environmentHistories(grownHistory(history, entries))
  return entries.map((entry): NewAct => {
    const subject = parseSubject(entry.what)
    const log = subject && 'institution' in subject ? subject.institution : nationalLog
    const touched = all.filter(
      ({ institution, environment }) =>
        subject?.about === 'setting' ||
        (subject?.about === 'environment' &&
          subject.institution === institution &&
          subject.environment === environment),
    )
    const day = dayOf(entry.effectiveFrom)
    const effects = touched.map(({ institution, environment }): Effect => {
      return { kind: 'dirty-day', institution, environment, day }
    })
    return { log, entry, effects }
  })
}
