import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AgentError } from '../error.ts'
import type { FrozenCheck, FrozenConfig } from '../frozen.ts'
import { readIdentity } from '../identity.ts'
import { readKey } from '../key-files.ts'
import type { Quarantine } from '../outbox.ts'
import { examineSpool, isInUse, openSpoolToRead } from '../spool-file.ts'
import { type Examination, Faulty } from './finding.ts'

/** Room for what waits when the collector is away (256 MiB) and for SQLite beside it. */
const freeBytesMin = 300 * 1024 * 1024

/** Looks at the folder of the agent; reads only. */
export async function examineHome(examination: Examination, dir: string): Promise<void> {
  const folder = await examination.step(
    'folder',
    [],
    () => examineFolder(dir),
    (free) => ({
      mebibytes: Math.floor(free / 1024 / 1024),
    }),
  )
  const identity = await examination.step(
    'enrolment',
    [folder],
    () => {
      const found = readEnrolment(dir)
      if (!found) throw new Faulty('not_enrolled', { dir })
      return found
    },
    ({ agent, environment }) => ({ agent, environment }),
  )
  await examination.step('key', [identity], () => examineKey(dir))
  const spool = await examination.step('spool', [identity], () => {
    const worth = examineSpool(dir)
    if (worth === 'damaged') throw new Faulty('spool_damaged', { dir })
    if (worth === 'newer') throw new Faulty('spool_newer', { dir })
    return worth
  })
  await examination.step(
    'stream',
    [spool],
    () => {
      const opened = openSpoolToRead(dir)
      const quarantine = opened?.state('quarantine') as Quarantine | null // written by the outbox
      opened?.close()
      if (quarantine) throw new Faulty('quarantined')
      return isInUse(dir)
    },
    (isRunning) => ({ running: isRunning ? 1 : 0 }),
  )
}

function examineFolder(dir: string): number {
  // Made by the enrolment: until then its parent has to have the room.
  const folder = existsSync(dir) ? dir : dirname(dir)
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    throw new Faulty('folder_closed', { dir: folder })
  }
  if (folder === dir && isOpenToOthers(dir)) throw new Faulty('folder_open', { dir })
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  if (free < freeBytesMin) {
    throw new Faulty('folder_full', { dir: folder, mebibytes: Math.floor(free / 1024 / 1024) })
  }
  return free
}

function readEnrolment(dir: string) {
  try {
    return readIdentity(dir)
  } catch {
    throw new Faulty('identity_broken', { dir })
  }
}

function examineKey(dir: string): void {
  const file = join(dir, 'agent.key')
  if (!existsSync(file)) throw new Faulty('key_missing', { file })
  try {
    accessSync(file, constants.R_OK)
  } catch {
    throw new Faulty('key_closed', { file })
  }
  if (isOpenToOthers(file)) throw new Faulty('key_open', { file })
  try {
    readKey(dir, 'current')
  } catch (error) {
    if (error instanceof AgentError) throw new Faulty('key_broken', { file })
    throw error
  }
}

/** Windows has no such bits. */
function isOpenToOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0
}

/**
 * Which single permissions would let more facts be measured. What is missing is no fault: the agent
 * does not ask for more than an ordinary user has.
 */
export async function examineFacts(
  examination: Examination,
  config: FrozenConfig | null,
  measure: () => Promise<string | null>,
): Promise<void> {
  await examination.step(
    'facts',
    [config],
    async () => {
      const readings = factsIn((await measure()) ?? '')
      if (!readings) throw new Faulty('facts_failed')
      return [...new Set(readings.flatMap(({ permission }) => permission ?? []))].join(', ')
    },
    (permissions) => (permissions === '' ? {} : { permissions }),
  )
}

/** As `agent facts --json` prints them. */
function factsIn(text: string): readonly { readonly permission?: string }[] | null {
  try {
    const { facts } = JSON.parse(text)
    return Array.isArray(facts) ? facts : null
  } catch {
    return null
  }
}

/** What a declared check needs of this host: of a kind, the paths that its settings name. */
const needed: Readonly<Record<string, (settings: Settings) => readonly Need[]>> = {
  plugin: ({ command }) => [{ path: command, access: constants.X_OK, fault: 'check_program' }],
  backup: ({ path, copyPath }) => [path, copyPath].map((each) => readable(each)),
  disk: ({ path }) => [readable(path)],
}
type Settings = Readonly<Record<string, unknown>>
type Need = {
  readonly path: unknown
  readonly access: number
  readonly fault: 'check_program' | 'check_path'
}
const readable = (path: unknown): Need => ({ path, access: constants.R_OK, fault: 'check_path' })

const pings = ['/usr/bin/ping', '/bin/ping', '/usr/sbin/ping', '/sbin/ping']

/** Whether this user may do what the declared checks ask for. */
export async function examineChecks(
  examination: Examination,
  config: FrozenConfig | null,
): Promise<void> {
  await examination.step(
    'checks',
    [config],
    () => {
      for (const check of config?.checks ?? []) examineCheck(check)
      return config?.checks.length ?? 0
    },
    (count) => ({ count }),
  )
}

const executableBits = 0o111

/** Root may be told that it can run anything. */
function isProgram(path: string): boolean {
  const { mode } = statSync(path)
  return process.platform === 'win32' || (mode & executableBits) !== 0
}

function examineCheck({ check, kind, settings }: FrozenCheck): void {
  if (kind === ('icmp' as string) && process.platform !== 'win32' && !pings.some(existsSync)) {
    throw new Faulty('check_ping', { check })
  }
  for (const { path, access, fault } of needed[kind]?.(settings) ?? []) {
    if (typeof path !== 'string') continue
    try {
      accessSync(path, access)
      if (access === constants.X_OK && !isProgram(path))
        throw new Faulty(fault, { check, path, why: 'EACCES' })
    } catch (error) {
      if (error instanceof Faulty) throw error
      const why = (error as NodeJS.ErrnoException).code ?? ''
      throw new Faulty(fault, { check, path, why })
    }
  }
}
