import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Compile } from 'typebox/compile'
import { CheckpointError, openCheckpoint } from '../../protocol/checkpoint.ts'
import { JsonError, parseJson } from '../../protocol/json.ts'
import {
  generateKey,
  JwsError,
  messageTypes,
  parseJws,
  publicKey,
  signJws,
  thumbprint,
  verifyJws,
} from '../../protocol/jws.ts'
import { LogKeyChange } from '../../protocol/log-key.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { toDisk } from '../operations/data-files.ts'
import type { LogKeyTraces, LogReader } from '../store/logs.ts'
import type { EvidenceWriter } from '../store/store.ts'
import { leafOf, nationalLog } from './leaf.ts'
import { type LogKey, readLogKey } from './log-key.ts'

const change = Compile(LogKeyChange)

/** More changes than this are not read. */
const changesMax = 1_000

type ChangeStore = Pick<LogReader, 'newestLeaves'>

/** The statements of all changes of the log key, oldest first. */
export async function logKeyStatements(store: ChangeStore): Promise<string[]> {
  const leaves = await store.newestLeaves('log-key', changesMax)
  return leaves.map(({ entry }) => (JSON.parse(entry) as { statement: string }).statement)
}

/** The first log key there was, base64url, given the one in use. */
export async function firstLogKey(store: ChangeStore, inUse: string): Promise<string> {
  const [first] = await store.newestLeaves('log-key', changesMax)
  // A leaf names the key that took over; which one it took over from stands beside it.
  return first ? (JSON.parse(first.entry) as { from: string }).from : inUse
}

/** The key that a statement signed by `before` (base64url) names; null when it is not that. */
export function newLogKey(statement: unknown, before: string): LogKeyChange | null {
  try {
    const jws = parseJws(String(statement))
    const isNext = jws.kid === thumbprint(before) && jws.typ === messageTypes.logKey
    if (!isNext || !verifyJws(jws, publicKey(before))) return null
    const content = parseJson(jws.payload)
    return change.Check(content) ? (content as LogKeyChange) : null
  } catch (error) {
    if (error instanceof JwsError || error instanceof JsonError) return null
    throw error
  }
}

/**
 * Lets a new key take over from the one in `file`. It is on disk before the log names it, and in
 * use only afterwards: `settleLogKey` ends what a crash cut short. Nobody else uses the directory.
 */
export async function changeLogKey(
  store: ChangeStore & Pick<EvidenceWriter, 'appendLeaves'>,
  file: string,
  at: EpochMs,
): Promise<LogKey> {
  const before = await settleLogKey(store, readLogKey(file), file)
  const next = nextFile(file)
  writeFileSync(next, generateKey().privatePem, { mode: 0o600, flag: 'wx', flush: true })
  toDisk(dirname(file))
  const { publicKey: text } = readLogKey(next)
  const content: LogKeyChange = { v: 1, publicKey: text, at }
  const statement = signJws(messageTypes.logKey, content, before.key, before.kid)
  await store.appendLeaves([
    leafOf(nationalLog, { kind: 'log-key', at, from: before.publicKey, statement }),
  ])
  return settleLogKey(store, before, file)
}

/**
 * Throws AppError when the key in `file` is not the one that signs for what the record holds; a
 * change that was cut short may have left that one beside it. A record without a trace of any key
 * is of a first start.
 */
export function requireLogKey(file: string, { change, note }: LogKeyTraces): void {
  const { kid, publicKey: known } = readLogKey(file)
  const named = change === null ? null : keyNamedBy(change)
  const next = nextFile(file)
  const isRight =
    named === null
      ? note === null || isSignedBy(note, known)
      : named === known || (existsSync(next) && readLogKey(next).publicKey === named)
  if (isRight) return
  const wanted = named === null ? '' : ` The log names ${thumbprint(named)}.`
  throw new AppError(
    'configuration',
    `${file} holds the log key ${kid}, which is not the one that signed the evidence beside ` +
      `it.${wanted} Nothing was changed. Put the right key back from where you keep it, or ` +
      'restore the data that this one signed: docs/operations.md.',
  )
}

function isSignedBy(note: string, publicText: string): boolean {
  try {
    openCheckpoint(note, [publicText])
    return true
  } catch (error) {
    if (error instanceof CheckpointError) return false
    throw error
  }
}

/**
 * The key in use: a new one that the log names takes its place now, one that the log does not name
 * was never used. Throws AppError when the log says that another key is in use.
 */
export async function settleLogKey(
  store: ChangeStore,
  known: LogKey,
  file: string,
): Promise<LogKey> {
  const [last] = await store.newestLeaves('log-key', 1)
  const named = last ? keyNamedBy(last.entry) : null
  const next = nextFile(file)
  let key = known
  if (existsSync(next)) {
    const pending = readLogKey(next)
    if (pending.publicKey === named) {
      renameSync(next, file)
      key = pending
    } else {
      rmSync(next)
    }
    toDisk(dirname(file))
  }
  if (named === null || key.publicKey === named) return key
  throw new AppError(
    'configuration',
    `${file} is not the key that the log says is in use. Put the newest one back.`,
  )
}

function keyNamedBy(entry: string): string {
  const { statement } = JSON.parse(entry) as { statement: string }
  return (parseJson(parseJws(statement).payload) as LogKeyChange).publicKey
}

function nextFile(file: string): string {
  return `${file}.next`
}
