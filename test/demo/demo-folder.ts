import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** Something that whoever started the demonstration can mend. */
export class DemoError extends Error {}

/** Holds the id of the process that a folder belongs to. */
const markName = 'simulated.pid'

/** What the data of a nation's year and of some weeks after it take at most. Unit: bytes. */
const roomBytes = 2 * 1024 ** 3

/**
 * Where a demonstration lies that nobody named a folder for: in memory where there is room, because
 * nothing of it is kept and a slow disk would only make it late; else in this folder.
 */
export function defaultFolder(otherwise: string): string {
  const memory = '/dev/shm'
  const user = process.getuid?.()
  if (user === undefined || !existsSync(memory)) return otherwise
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize < roomBytes ? otherwise : join(memory, `istimrar-demo-${user}`)
}

/**
 * Makes a folder for one demonstration. What another one left there is removed; a folder with
 * anything else in it is not touched. Throws DemoError.
 */
export function openFolder(folder: string, pid: number): string {
  const mark = join(folder, markName)
  if (existsSync(folder) && statSync(folder).uid !== (process.getuid?.() ?? 0)) {
    throw new DemoError(`${folder} belongs to somebody else: set DATA_DIR to another folder.`)
  }
  if (existsSync(mark)) {
    const owner = Number(readFileSync(mark, 'utf8'))
    if (owner !== pid && isRunning(owner)) {
      throw new DemoError(`A demonstration runs in ${folder} already (process ${owner}).`)
    }
    rmSync(folder, { recursive: true })
  } else if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new DemoError(
      `${folder} is not empty, and holds no demonstration: set DATA_DIR to a folder that is ` +
        'empty or not there yet.',
    )
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(mark, String(pid), { mode: 0o600 })
  return folder
}

/** Removes a folder that `openFolder` made, with all that is in it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
