import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { secondMs } from '../../protocol/time.ts'
import { selftestTexts } from '../cli/texts/selftest.ts'
import { ensureKey } from '../key-files.ts'
import { said } from '../language.ts'
import { fail, notApplicable, pass, type Trial, type TrialContext } from './trial.ts'

const keyFile = 'agent.key'

/** A key made here now is for its owner's eyes only. */
export const newKeyTrial: Trial = async (context) => {
  const dir = join(context.scratch, 'key')
  mkdirSync(dir, { mode: 0o700 })
  ensureKey(dir)
  return judged(join(dir, keyFile), context)
}

/** The key that this host joined with is. */
export const keyTrial: Trial = async (context) => {
  const file = join(context.dir, keyFile)
  const isThere = statSync(file, { throwIfNoEntry: false }) !== undefined
  return isThere ? judged(file, context) : notApplicable(said(selftestTexts.noKey))
}

async function judged(file: string, context: TrialContext) {
  const others = context.platform === 'win32' ? await byList(file, context) : byMode(file)
  if (others.length === 0) return pass(said(selftestTexts.keyGuarded))
  return fail(said(selftestTexts.keyOpen, { file, who: others.join(', ') }))
}

function byMode(file: string): string[] {
  const mode = statSync(file).mode & 0o777
  return (mode & 0o077) === 0 ? [] : [`mode ${mode.toString(8).padStart(4, '0')}`]
}

/** `icacls /save` writes what is the same in every language: SDDL. What it prints is not read. */
async function byList(file: string, { run, scratch }: TrialContext): Promise<string[]> {
  const saved = join(scratch, 'access.txt')
  const signal = AbortSignal.timeout(10 * secondMs)
  const { status } = await run({ file: 'icacls.exe', args: [file, '/save', saved] }, signal)
  if (status !== 0) throw new Error(`icacls ended with ${status}.`)
  return othersIn(textOf(readFileSync(saved)))
}

/** icacls writes UTF-16, with a mark or without. */
export function textOf(bytes: Buffer): string {
  const isWide = bytes[1] === 0 || (bytes[0] === 0xff && bytes[1] === 0xfe)
  return bytes.toString(isWide ? 'utf16le' : 'utf8').replace('\u{feff}', '')
}

/**
 * Groups of people without a task here, by their short names in SDDL and by number: everyone,
 * users, guests, who is logged on, whoever is known, members of the domain, older systems.
 * Source: https://learn.microsoft.com/en-us/windows/win32/secauthz/sid-strings
 */
const crowds: readonly RegExp[] = [
  /^(WD|BU|BG|AN|AU|IU|NU|DU|DG|DC|RU|AC)$/,
  /^S-1-1-0$/,
  /^S-1-5-(2|4|7|11|113|114)$/,
  /^S-1-5-32-(545|546|554)$/,
  /^S-1-5-21-[\d-]+-(501|513|514|515)$/,
  /^S-1-15-2-/,
]

/**
 * Who in an access list beyond owner and administrators may do anything with a file; the list
 * itself where there is none, since then everybody may do everything.
 */
export function othersIn(sddl: string): string[] {
  // The list stands below the file's name, behind owner and group, which have no bracket.
  const line = sddl.trimEnd().split('\n').at(-1) ?? ''
  const list = /^[^(]*?D:([A-Z_]*)((?:\([^)]*\))*)/.exec(line)
  if (!list || list[1]?.includes('NO_ACCESS_CONTROL')) return ['no access list']
  const entries = [...(list[2] ?? '').matchAll(/\(([^)]*)\)/g)].map(([, entry = '']) => entry)
  const others = entries.flatMap((entry) => {
    const [type = '', , , , , who = ''] = entry.split(';')
    const allows = ['A', 'XA', 'OA'].includes(type)
    return allows && crowds.some((crowd) => crowd.test(who)) ? who : []
  })
  return [...new Set(others)]
}
