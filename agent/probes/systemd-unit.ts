import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { codeOf } from './network-error.ts'

/** What a service's own files say of it, as far as the question whether it runs needs it. */
export type Unit = {
  /** Its real name, where the one asked for is an alias. */
  readonly name: string
  readonly isKnown: boolean
  /** The slice of its control group, where it is not the default. */
  readonly slice?: string
  /** False when the slice cannot be told: written with a specifier, or in a file not to be read. */
  readonly isPlaceKnown: boolean
  /** Whether it remains active without a process (`RemainAfterExit`). */
  readonly remains: boolean
  /** Why it may be at rest although all is well; null when it is meant to run all the time. */
  readonly rests: string | null
}

/** Where units are read from, what overrides others first. Source: `man 5 systemd.unit`. */
const folders = [
  'etc/systemd/system.control',
  'run/systemd/system.control',
  'run/systemd/transient',
  'etc/systemd/system',
  'run/systemd/system',
  'run/systemd/generator',
  'usr/local/lib/systemd/system',
  'usr/lib/systemd/system',
  'lib/systemd/system',
  'run/systemd/generator.late',
]
const aliasesMax = 5

/** Reads the files of a service. One without any is not known. */
export async function readUnit(root: string, asked: string): Promise<Unit> {
  const name = await realName(root, asked)
  const template = name.replace(/@.*(?=\.service$)/, '@')
  const file = (await find(root, name)) ?? (await find(root, template))
  const dropIns = await dropInsOf(root, new Set([`${template}.d`, `${name}.d`]))
  const files = file === null ? dropIns : [file, ...dropIns]
  const texts = await Promise.all(files.map(textOf))
  const value = (key: string) => lastValue(texts.join('\n'), key)
  const slice = value('Slice')
  const remains = /^(yes|true|on|1)$/i.test(value('RemainAfterExit') ?? '')
  const isOnce = value('Type') === 'oneshot' && !remains
  return {
    name,
    isKnown: file !== null,
    ...(slice !== undefined && { slice }),
    isPlaceKnown: !slice?.includes('%') && !texts.includes(null),
    remains,
    rests: isOnce ? 'it is started, does its work and ends' : await starterOf(root, name),
  }
}

/** An alias is a link to a unit with another name. */
async function realName(root: string, asked: string): Promise<string> {
  let name = asked
  for (let follows = 0; follows < aliasesMax; follows++) {
    const file = await find(root, name)
    const target = file === null ? '' : basename(await readlink(file).catch(() => ''))
    if (!target.endsWith('.service') || target.endsWith('@.service')) break
    name = target
  }
  return name
}

async function find(root: string, name: string): Promise<string | null> {
  for (const folder of folders) {
    const file = join(root, folder, name)
    if (await exists(file)) return file
  }
  return null
}

/** Files that add to a unit, in order of their names; each name counts once. */
async function dropInsOf(root: string, names: ReadonlySet<string>): Promise<string[]> {
  const files = new Map<string, string>()
  for (const name of names) {
    for (const folder of folders.map((each) => join(root, each, name))) {
      for (const file of await unlessMissing(readdir(folder), [])) {
        if (file.endsWith('.conf') && !files.has(file)) files.set(file, join(folder, file))
      }
    }
  }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([, path]) => path)
}

/** Null for what only others may read, as files with passwords. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (['EACCES', 'EPERM'].includes(codeOf(error))) return null
    if (['ENOENT', 'ELOOP'].includes(codeOf(error))) return ''
    throw error
  }
}

/** What was set last; an empty value sets nothing. */
function lastValue(text: string, key: string): string | undefined {
  const values = [...text.matchAll(new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*(.*?)\\s*$`, 'gm'))]
  return values.at(-1)?.[1] || undefined
}

/** A socket, timer or path that starts the service on demand, unless it is started anyway. */
async function starterOf(root: string, name: string): Promise<string | null> {
  const starters = ['socket', 'timer', 'path']
  const bare = name.replace(/\.service$/, '')
  const wanted = await wantedAmong(root, [name, ...starters.map((kind) => `${bare}.${kind}`)])
  if (wanted.has(name)) return null
  const starter = starters.find((kind) => wanted.has(`${bare}.${kind}`))
  return starter === undefined ? null : `its ${starter} starts it when it is needed`
}

/** Which of these units something wants or requires from the start of the machine on. */
export async function wantedAmong(root: string, names: readonly string[]): Promise<Set<string>> {
  const wanted = new Set<string>()
  for (const folder of folders.map((each) => join(root, each))) {
    for (const target of await unlessMissing(readdir(folder), [])) {
      if (!/\.(wants|requires)$/.test(target)) continue
      const found = new Set(await unlessMissing(readdir(join(folder, target)), []))
      for (const name of names) if (found.has(name)) wanted.add(name)
    }
  }
  return wanted
}

/** Whether anything is at a path, also a link that leads nowhere. */
export async function exists(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path), null)) !== null
}

/** The answer, or another value where there is no such file or folder. */
export async function unlessMissing<T, E>(answer: Promise<T>, otherwise: E): Promise<T | E> {
  try {
    return await answer
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return otherwise
    throw error
  }
}
