import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { run } from '../collector/cli/commands.ts'
import type { Role } from '../collector/people/accounts.ts'
import { command } from './support/agent-command.ts'
import { openDeskForAll } from './support/desk.ts'

/** What people read about the product names only what the product has. */

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

const guides: Readonly<Record<string, Role>> = {
  ...{ administrator: 'admin', ministry: 'ministry', evaluator: 'evaluator' },
  ...{ institution: 'institution', auditor: 'auditor' },
}
const languages = ['en', 'ar'] as const
type Language = (typeof languages)[number]
const guideOf = (name: string, language: Language) =>
  read(`docs/roles/${name}${language === 'ar' ? '.ar' : ''}.md`)
const each = Object.entries(guides).flatMap(([name, role]) =>
  languages.map((language) => ({ name, role, language, text: guideOf(name, language) })),
)

/** Every pair of texts of the board, whatever module holds it. */
type Pair = { readonly ar: string; readonly en: string }
const pairs: Pair[] = []
for (const file of globSync('collector/web/texts/*.ts', { cwd: root })) {
  gather(await import(join(root, file)))
}

function gather(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const { ar, en } = value as Partial<Pair>
  if (typeof ar === 'string' && typeof en === 'string') pairs.push({ ar, en })
  else for (const part of Object.values(value)) gather(part)
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ')
const boldIn = (text: string) => [...text.matchAll(/\*\*([^*]+)\*\*/g)].map((m) => oneLine(m[1]!))
const codeIn = (text: string) => {
  const fenced = [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].flatMap((m) => m[1]!.split('\n'))
  const inline = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)]
  return [...fenced, ...inline.map((m) => oneLine(m[1]!))]
}

describe('guides of the roles', () => {
  test.each(each)('$name in $language is short', ({ text }) => {
    expect(text.split('\n').length).toBeLessThanOrEqual(91)
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(120)
  })

  test.each(Object.keys(guides))('%s: what stands in bold is on the board, alike', (name) => {
    const bold = boldIn(guideOf(name, 'en'))
    expect(bold.length).toBeGreaterThan(15)
    const alike = bold.map((en) => pairs.filter((pair) => pair.en === en).map(({ ar }) => ar))
    expect(bold.filter((_, i) => alike[i]!.length === 0)).toEqual([])
    const arabic = boldIn(guideOf(name, 'ar'))
    const wrong = arabic.map((ar, i) => [bold[i], ar, alike[i]?.includes(ar)] as const)
    expect(wrong.filter(([, , isAlike]) => !isAlike)).toEqual([])
    expect(arabic.length).toBe(bold.length)
  })

  const desk = openDeskForAll()
  test.each(each)('$name in $language: its addresses are for its role', ({ role, text, ...it }) => {
    const meant = desk.collector.app.accessList
      .filter(({ access }) => typeof access !== 'string' && access.includes(role))
      .map(({ url }) => url.replaceAll(/:\w+/g, 'ID'))
    const named = codeIn(text).flatMap((code) => /^\/\S+$|(?<=BOARD)\/\S+/.exec(code)?.[0] ?? [])
    const places = named.filter((path) => !path.startsWith('/backups'))
    expect(places.length).toBeGreaterThan(2)
    expect(places.filter((path) => !meant.includes(path))).toEqual([])
    const other = it.language === 'ar' ? 'en' : 'ar'
    expect(places.filter((path) => path.startsWith(`/${other}`))).toEqual([])
  })
})

/** Commands in documents, with the program that has them. */
const documents = ['README.md', ...globSync('docs/**/*.md', { cwd: root })]
const said = documents.flatMap((file) =>
  codeIn(read(file).replaceAll('\\\n', ' ')).map((line) => ({ file, line: line.trim() })),
)
const byProgram = (...programs: string[]) =>
  said.filter(({ line }) => programs.some((program) => line.startsWith(`${program} `)))

describe('documents', () => {
  test('name commands and options of the collector that there are', async () => {
    const problems: string[] = []
    const all = byProgram('collector', 'istimrar-collector')
    expect(all.length).toBeGreaterThan(50)
    for (const { file, line } of all) {
      const [, name = '', ...args] = words(line)
      if (['help', 'serve'].includes(name) || /^[-A-Z]/.test(name)) continue
      const problem = missingIn(await collectorHelp(name), args)
      if (problem) problems.push(`${file}: ${line}: ${problem}`)
    }
    expect(problems).toEqual([])
  })

  test('name commands and options of the agent that there are', async () => {
    const problems: string[] = []
    const all = byProgram('agent', 'istimrar-agent')
    expect(all.length).toBeGreaterThan(20)
    for (const { file, line } of all) {
      const [, name = '', ...args] = words(line)
      if (name === 'help' || /^[-A-Z]/.test(name)) continue
      const operands = name === 'config' ? ['check'] : []
      const { out, err } = await command(name, ...operands, '--help')
      const problem = missingIn(out || err, args)
      if (problem) problems.push(`${file}: ${line}: ${problem}`)
    }
    expect(problems).toEqual([])
  })

  test('give the verifier options that it has', async () => {
    const help = await collectorHelp('verify')
    const all = byProgram('node istimrar-verify.mjs')
    expect(all.length).toBeGreaterThan(3)
    for (const { line } of all) expect(missingIn(help, words(line)), line).toBe(null)
  })

  test('link to files and headings that there are', () => {
    const broken: string[] = []
    for (const file of documents) {
      for (const [, target] of read(file).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^\w+:/.test(target!)) continue
        const [path = '', anchor] = target!.split('#')
        const to = path === '' ? file : join(dirname(file), path)
        const isThere = existsSync(join(root, to)) && (!anchor || anchorsOf(to).includes(anchor))
        if (!isThere) broken.push(`${file}: ${target}`)
      }
    }
    expect(broken).toEqual([])
  })
})

test('one word for one thing', () => {
  const rows = read('docs/words.md')
    .split('\n')
    .filter((line) => /^\| (?!English|-)/.test(line) && !line.startsWith('|--'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  expect(rows.length).toBeGreaterThan(20)
  const board = pairs.flatMap(({ ar, en }) => [ar, en])
  const arabic = documents.filter((file) => file.endsWith('.ar.md')).map(read)
  const everywhere = [...board, ...arabic].map((text) => oneLine(text).toLowerCase())
  for (const [, en = '', ar = '', , instead = ''] of rows) {
    expect(
      everywhere.some((text) => text.includes(ar)),
      ar,
    ).toBe(true)
    for (const word of instead.split(',').map((each) => each.trim())) {
      if (word === '') continue
      const pattern = wordPattern(word)
      const found = everywhere.find((text) => pattern.test(text))
      expect(found, `${word}, but it is ${en}, ${ar}`).toBe(undefined)
    }
  }
})

/** Arabic words also with the article and what is written together with it. */
function wordPattern(word: string): RegExp {
  return new RegExp(`(?<!\\p{L})(?:[وفبك]?ال|[وف]?لل|[وفبكل])?${word}(?!\\p{L})`, 'u')
}

function words(line: string): string[] {
  const bare = line.replace(/\s[#>|].*$/, '').replace(/;.*$/, '')
  return [...bare.matchAll(/"[^"]*"|\S+/g)].map(String)
}

async function collectorHelp(name: string): Promise<string> {
  let help = ''
  const out = (text: string) => {
    help += text
  }
  await run(name, { environment: {}, now: () => 0, out, err: out }, ['--help'])
  return help
}

/** The first argument that the help does not name: an option, or the first operand's act. */
function missingIn(help: string, args: readonly string[]): string | null {
  const options = args.filter((each) => each.startsWith('--')).map((each) => each.split('=')[0]!)
  const unknown = options.find((option) => !new RegExp(`${option}(?![\\w-])`).test(help))
  if (unknown) return `there is no ${unknown}`
  const acts = /^ACT is ([^.]+)\./m.exec(help)?.[1]?.split(/,\s*|\s+or\s+/)
  const [act] = args
  if (!acts || !act || !/^[a-z]/.test(act) || acts.includes(act)) return null
  return `there is no act ${act}`
}

/** The anchors of a document's headings, as its readers make them. */
function anchorsOf(file: string): string[] {
  if (!file.endsWith('.md')) return []
  const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map((m) => m[1]!.toLowerCase())
  const anchors = headings.map((each) => each.replaceAll(/[^\p{L}\p{N}\s_-]/gu, ''))
  return anchors.map((each) => each.trim().replaceAll(' ', '-'))
}
