import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

const bytesMax = 64 * 1024
/** The group may read it, as where a service has a group of its own; nobody else may at all. */
const modeRefused = 0o027

/**
 * The `name=value` lines of a file that holds secrets; blank lines and those that begin with `#`
 * say nothing. Throws when others than its owner and group can read it or its owner's group can
 * change it, and never says what it holds. (Windows has no such bits.)
 */
export async function readSecretFields(file: string): Promise<ReadonlyMap<string, string>> {
  // Not to wait for a writer where someone put a pipe.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const status = await handle.stat()
    if (!status.isFile() || status.size > bytesMax) {
      throw new Error(`${file} must be a file of at most ${bytesMax / 1_024} KiB.`)
    }
    if (process.platform !== 'win32' && (status.mode & modeRefused) !== 0) {
      throw new Error(`${file} holds secrets but can be read by others: chmod 600 ${file}`)
    }
    const fields = new Map<string, string>()
    for (const line of (await handle.readFile('utf8')).split(/\r?\n/)) {
      const equals = line.indexOf('=')
      if (equals > 0 && !line.startsWith('#')) {
        fields.set(line.slice(0, equals).trim(), line.slice(equals + 1))
      }
    }
    return fields
  } finally {
    await handle.close()
  }
}
