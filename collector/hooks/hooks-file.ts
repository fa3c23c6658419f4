import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DocumentError, inspectDocument, type Problem } from '../../protocol/document.ts'
import type { Path } from '../../protocol/explain.ts'
import { minuteMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Language } from '../web/language.ts'
import { addressProblem } from './address.ts'
import type { AfterMs } from './conditions.ts'
import { type EventType, eventTypes } from './event.ts'
import { defaultAfterMinutes, HooksFile } from './hooks-schema.ts'
import { keysOf } from './signature.ts'

/** One receiver of events. Its URL and keys are secrets: neither is logged or shown. */
export type Hook = {
  readonly id: string
  readonly url: string
  /** Secrets that sign, the newest first; two while one replaces the other. */
  readonly keys: readonly Buffer[]
  readonly events: readonly EventType[]
  /** Null: all of them, and what is of the nation. */
  readonly institutions: readonly string[] | null
  readonly language: Language
}

/** What hooks.yaml says, with the secrets of the files it names. */
export type HookSettings = { readonly hooks: readonly Hook[]; readonly afterMs: AfterMs }

/**
 * Reads hooks.yaml and the secrets it names. Throws DocumentError with all problems at once,
 * AppError when the file cannot be read.
 */
export function readHooks(file: string): HookSettings {
  const text = readText(file, (cause) => {
    throw new AppError('configuration', `Cannot read ${file}.`, { cause })
  })
  const { value, problem, problems } = inspectDocument(text, file, HooksFile)
  if (problems.length > 0) throw new DocumentError(problems)
  // Nothing was found that differs from the schema.
  const { hooks, afterMinutes } = value as HooksFile
  const report = (path: Path, message: string): void => void problems.push(problem(path, message))
  const read = hooks.map((hook, i): Hook => {
    const at = ['hooks', i]
    if (hooks.findIndex(({ id }) => id === hook.id) < i) {
      report([...at, 'id'], 'is the id of an earlier hook')
    }
    const address = addressProblem(hook.url)
    if (address !== null) report([...at, 'url'], address)
    return {
      id: hook.id,
      url: hook.url,
      keys: keysIn(resolve(dirname(file), hook.secretFile), [...at, 'secretFile'], report),
      events: hook.events ?? eventTypes,
      institutions: hook.institutions ?? null,
      language: hook.language ?? 'ar',
    }
  })
  if (problems.length > 0) throw new DocumentError(problems satisfies Problem[])
  const after = { ...defaultAfterMinutes, ...afterMinutes }
  return Object.freeze({
    hooks: read,
    afterMs: {
      environment: after.environment * minuteMs,
      agent: after.agent * minuteMs,
      publish: after.publish * minuteMs,
    },
  })
}

/** The keys of a secret file; what is wrong is reported without a word of the file. */
function keysIn(file: string, at: Path, report: (path: Path, message: string) => void): Buffer[] {
  let isUnreadable = false
  const text = readText(file, () => {
    isUnreadable = true
    report(at, 'cannot be read')
  })
  const keys = keysOf(text)
  if (!keys && !isUnreadable) {
    report(
      at,
      'must name a file with one secret, or two on lines of their own, the newest first: ' +
        'whsec_ and 24 to 64 random bytes in base64',
    )
  }
  return keys ?? []
}

function readText(file: string, failed: (cause: unknown) => void): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    failed(cause)
    return ''
  }
}
