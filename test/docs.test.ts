import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describe, expect, test } from 'vitest'
import { commands as ofAgent } from '../agent/cli/commands.ts'
import { commands as ofCollector } from '../collector/cli/commands.ts'
import type { Role } from '../collector/people/accounts.ts'
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
  gather(await import(join(root, file)), pairs)
}

/** What is read elsewhere: in a terminal, an export, a web hook, Grafana. */
const elsewhere: Pair[] = []
const others = [
  'agent/cli/texts/*.ts',
  'collector/exports/{*-rows,*-columns,exclusions,intervals,report-texts,revisions}.ts',
  'collector/hooks/texts.ts',
  'dashboards/**/texts.ts',
  'protocol/reason-texts.ts',
]
for (const file of globSync(others, { cwd: root })) {
  gather(await import(join(root, file)), elsewhere)
}

function gather(value: unknown, into: Pair[]): void {
  if (typeof value !== 'object' || value === null) return
  const { ar, en } = value as Partial<Pair>
  if (typeof ar === 'string' && typeof en === 'string') into.push({ ar, en })
  else for (const part of Object.values(value)) gather(part, into)
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ')
const boldIn = (text: string) => [...text.matchAll(/\*\*([^*]+)\*\*/g)].map((m) => oneLine(m[1]!))
const withoutFences = (text: string) => text.replaceAll(/```[\s\S]*?```/g, '')
const inlineIn = (text: string) =>
  [...withoutFences(text).matchAll(/`([^`]+)`/g)].map((m) => oneLine(m[1]!))
/** In an Arabic line, code that begins or ends with a sign would be turned round. */
const isolatedIn = (text: string) =>
  [...text.matchAll(/<code dir="ltr">([^<]+)<\/code>/g)].map((m) => oneLine(m[1]!))
const codeIn = (text: string) => {
  const fenced = [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].flatMap((m) => m[1]!.split('\n'))
  return [...fenced, ...inlineIn(text), ...isolatedIn(text)]
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
const documents = ['README.md', ...globSync('{docs,deploy}/**/*.md', { cwd: root })]
const said = documents.flatMap((file) =>
  codeIn(read(file).replaceAll('\\\n', ' ')).map((line) => ({ file, line: line.trim() })),
)
const byProgram = (...programs: string[]) => {
  const beginning = new RegExp(`^(?:docker .* )?(?:${programs.join('|')}) +(?=[a-z-])`)
  return said.flatMap(({ file, line }) => {
    return beginning.test(line) ? { file, line, args: words(line.replace(beginning, '')) } : []
  })
}
const programs = {
  collector: { commands: ofCollector, lines: byProgram('(?:istimrar-)?collector') },
  agent: { commands: ofAgent, lines: byProgram('istimrar-agent(?:\\.cmd)?') },
} as const

describe('documents', () => {
  test.each(Object.entries(programs))('give %s lines that it takes', (_, { commands, lines }) => {
    expect(lines.length).toBeGreaterThan(40)
    const problems = lines.flatMap(({ file, line, args }) => {
      const problem = problemOf(args, commands)
      return problem ? [`${file}: ${line}: ${problem}`] : []
    })
    expect(problems).toEqual([])
  })

  test('give the verifier lines that it takes', () => {
    const lines = byProgram('node istimrar-verify.mjs')
    expect(lines.length).toBeGreaterThan(3)
    const problems = lines.map(({ args }) => problemOf(['verify', ...args], ofCollector))
    expect(problems.filter(Boolean)).toEqual([])
  })

  test('name scripts of npm that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = said.flatMap(({ file, line }) =>
      [...line.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map((m) => ({ file, name: m[1]! })),
    )
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([])
  })

  test('keep code from turning round in an Arabic line', () => {
    const arabic = documents.flatMap((file) =>
      file.endsWith('.ar.md')
        ? [read(file)]
        : (read(file).match(/<div dir="rtl".*?<\/div>/gs) ?? []),
    )
    expect(arabic.length).toBeGreaterThan(40)
    const turned = arabic.flatMap(inlineIn).filter((code) => !/^\w.*\w$/.test(code))
    expect(turned).toEqual([])
    expect(arabic.flatMap(isolatedIn).length).toBeGreaterThan(40)
  })

  test('call the agent by the name it is installed under', () => {
    const names = Object.keys(ofAgent).join('|')
    const other = new RegExp(`^agent (${names})( |$)`)
    expect(said.filter(({ line }) => other.test(line))).toEqual([])
  })

  test.each([
    ['docs/collector.md', ofCollector],
    ['docs/agent.md', ofAgent],
  ])('%s names every command', (file, commands) => {
    const table =
      read(file)
        .match(/^\| `.*$/gm)
        ?.join('\n') ?? ''
    const missing = Object.keys(commands).filter((name) => !table.includes(`\`${name}`))
    expect(missing).toEqual([])
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

test('one word for one thing, wherever it is read', () => {
  const rows = read('docs/words.md')
    .split('\n')
    .filter((line) => /^\| (?!English|-)/.test(line) && !line.startsWith('|--'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  expect(rows.length).toBeGreaterThan(20)
  const spoken = [...pairs, ...elsewhere].flatMap(({ ar, en }) => [ar, en])
  const guides = documents.filter((file) => file.endsWith('.ar.md')).map(read)
  const runbooks = documents.flatMap((file) => read(file).match(/<div dir="rtl" .*<\/div>/s) ?? [])
  expect(spoken.length).toBeGreaterThan(4_000)
  expect(runbooks.length).toBeGreaterThan(20)
  const everywhere = [...spoken, ...guides, ...runbooks].map((text) => oneLine(text).toLowerCase())
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

/** A line of a shell without comment, redirection and what follows; brackets mean "if wanted". */
function words(line: string): string[] {
  const filled = line.replaceAll(/\$\([^)]*\)/g, 'X')
  const bare = filled.replace(/(^|\s)[#>|&].*$/, '').replace(/[;)].*$/, '')
  return [...bare.replaceAll(/[[\]]/g, '').matchAll(/"[^"]*"|\S+/g)].map(String)
}

type Parsed = Readonly<Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>>
type Commands = Readonly<
  Record<string, { options?: Parsed; operands?: readonly string[]; details?: unknown }>
>

/** What keeps a program from taking a line, by its own parser; null where it takes it. */
function problemOf([name = '', ...args]: readonly string[], commands: Commands): string | null {
  if (name === 'help' || name.startsWith('--')) return null
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) return `there is no command ${name}`
  if (args.length === 0 || args.includes('--help')) return null // it is only named
  const { operands = [], details } = command
  const least = operands.filter((each) => !each.startsWith('[')).length
  try {
    const options = { ...command.options }
    const { positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const { length } = positionals
    if (length < least || length > operands.length) return `it takes ${operands.join(' ')}`
    const acts = /^ACT is ([^.]+)\./m.exec(String(details))?.[1]?.split(/,\s*|\s+or\s+/)
    const [act = ''] = positionals
    return !acts || acts.includes(act) ? null : `there is no act ${act}`
  } catch (error) {
    return (error as Error).message
  }
}

/** The anchors of a document's headings, as its readers make them. */
function anchorsOf(file: string): string[] {
  if (!file.endsWith('.md')) return []
  const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map((m) => m[1]!.toLowerCase())
  const anchors = headings.map((each) => each.replaceAll(/[^\p{L}\p{N}\s_-]/gu, ''))
  return anchors.map((each) => each.trim().replaceAll(' ', '-'))
}
