import { readFileSync } from 'node:fs'
import { DocumentError } from '../../protocol/document.ts'
import { dayOf, type EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { applyActs, type NewAct } from '../people/acts.ts'
import type { Effect, EvidenceReader, EvidenceWriter } from '../store/store.ts'
import { type Applying, type Declared, difference, type Entry } from './difference.ts'
import { environmentHistories, registerHistory } from './history.ts'
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

/** Makes the register what the files say, one entry per difference. Returns the entries. */
export async function applyDeclared(
  store: EvidenceWriter & Pick<EvidenceReader, 'entries'>,
  declared: Declared,
  applying: Applying,
  now: EpochMs,
): Promise<Entry[]> {
  const before = await store.entries()
  const entries = difference(registerHistory(before), declared, applying, now)
  const all = environmentHistories(registerHistory([...before, ...entries]))
  const acts = entries.map((entry): NewAct => {
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
    const effects = touched.map(
      ({ institution, environment }): Effect => ({
        kind: 'dirty-day',
        institution,
        environment,
        day,
      }),
    )
    return { log, entry, effects }
  })
  await applyActs(store, acts, now)
  return entries
}
