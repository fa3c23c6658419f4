import { existsSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { AgentError } from '../error.ts'
import { readIdentity } from '../identity.ts'
import { type Language, said, say } from '../language.ts'
import { type Program, sharedOptions } from '../program.ts'
import { examineSpool, isInUse, openSpoolToRead } from '../spool-file.ts'
import { type Command, text, type Values } from './command.ts'
import { payloadOf } from './sent.ts'
import { aboutTexts } from './texts/help.ts'
import { uninstallTexts } from './texts/uninstall.ts'

/** Names of all that an agent may leave in its folder; the last ones are what it is known by. */
const own = [
  /^spool\.sqlite(\.damaged-\d+)?(-wal|-shm|-journal)?$/,
  /^(lock(-journal|-wal|-shm)?|sent\.mark|facts-state\.json)$/,
  /^(agent\.key(\.next|\.rejoin|\.previous)?|identity\.json|sent\.mark|facts-state\.json)\.new$/,
  /^agent\.key\.(next|rejoin|previous)$/,
  /^identity\.json$/,
  /^agent\.key$/,
]

/** Removes all that the agent keeps on this host. */
export const uninstall: Command = {
  about: aboutTexts.uninstall,
  options: {
    config: sharedOptions.config,
    dir: sharedOptions.dir,
    'remove-config': { type: 'boolean', about: uninstallTexts.removeConfig },
    export: { type: 'string', value: 'FILE', about: uninstallTexts.export },
    yes: { type: 'boolean', about: uninstallTexts.yes },
  },
  details: uninstallTexts.details,
  run: async (program, values) => {
    const { language } = program
    const out = (line: string) => program.out(`${line}\n`)
    const dir = text(values, 'dir') ?? ''
    const { names, config } = contentsOf(dir, values)
    const agent = identityOf(dir)
    const paths = [...names.map((name) => join(dir, name)), ...(config === null ? [] : [config])]
    out([say(uninstallTexts.willRemove, language), ...paths.map((path) => `  ${path}`)].join('\n'))
    const messages = waitingIn(dir)
    out(say(uninstallTexts.lost, language, { messages, agent }))
    const file = text(values, 'export')
    if (file === undefined) out(say(uninstallTexts.offer, language))
    if (!values.yes && !(await isConfirmed(program))) {
      out(say(uninstallTexts.kept, language))
      return 1
    }
    if (file !== undefined) exportTo(file, dir)
    if (file !== undefined) out(say(uninstallTexts.exported, language, { file }))
    // Looked at anew: reading the spool leaves files of its own, and an agent may have started.
    const left = contentsOf(dir, values).names.map((name) => join(dir, name))
    for (const path of config === null ? left : [...left, config]) attempt(path, () => rmSync(path))
    attempt(dir, () => rmdirSync(dir))
    out(say(uninstallTexts.removed, language))
    out(say(uninstallTexts.revoke, language, { agent }))
    out(say(uninstallTexts.packages, language))
    return 0
  },
}

/** What is to go, in the order it goes. Throws AgentError where anything is not the agent's. */
function contentsOf(dir: string, values: Values): { names: string[]; config: string | null } {
  const file = text(values, 'config') ?? ''
  const config = values['remove-config'] && existsSync(file) ? file : null
  const present = existsSync(dir) ? readdirSync(dir) : []
  const isConfig = (name: string) => config !== null && resolve(dir, name) === resolve(config)
  const rank = (name: string) => own.findIndex((form) => form.test(name))
  const names = present.filter((name) => !isConfig(name))
  const foreign = names.find((name) => rank(name) === -1)
  if (foreign !== undefined) {
    throw new AgentError('failed', said(uninstallTexts.foreign, { dir, name: foreign }))
  }
  if (!names.includes('agent.key') && !names.includes('identity.json')) {
    throw new AgentError('failed', said(uninstallTexts.nothing, { dir }))
  }
  if (isInUse(dir)) throw new AgentError('failed', said(uninstallTexts.running, { dir }))
  return { names: names.sort((a, b) => rank(a) - rank(b)), config }
}

function identityOf(dir: string): string {
  try {
    return readIdentity(dir)?.agent ?? basename(resolve(dir))
  } catch {
    return basename(resolve(dir)) // a damaged one goes as well
  }
}

function waitingIn(dir: string): number {
  if (examineSpool(dir) !== 'sound') return 0
  const spool = openSpoolToRead(dir)
  const messages = spool?.depth().messages ?? 0
  spool?.close()
  return messages
}

async function isConfirmed({ ask, language }: Pick<Program, 'ask' | 'language'>): Promise<boolean> {
  const word = say(confirmation, language)
  const answer = await ask(`${say(uninstallTexts.ask, language, { word })} `)
  return answer.trim() === confirmation[language]
}
const confirmation = { ar: 'نعم', en: 'yes' } as const satisfies Record<Language, string>

function exportTo(file: string, dir: string): void {
  if (existsSync(file)) throw new AgentError('failed', said(uninstallTexts.exportExists, { file }))
  if (resolve(dirname(file)) === resolve(dir)) {
    const name = basename(file)
    throw new AgentError('failed', said(uninstallTexts.foreign, { dir, name }))
  }
  const spool = examineSpool(dir) === 'sound' ? openSpoolToRead(dir) : null
  const lines: string[] = []
  for (const { jws } of spool?.leftSince(0) ?? []) lines.push(JSON.stringify(payloadOf(jws)))
  spool?.close()
  attempt(file, () =>
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 }),
  )
}

function attempt(path: string, act: () => void): void {
  try {
    act()
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? '' // of the file system
    throw new AgentError('failed', said(uninstallTexts.failed, { path, why }), { cause })
  }
}
