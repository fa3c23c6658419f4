import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The rules of the house that a linter cannot keep. Each names the file that breaks it. */

const root = join(import.meta.dirname, '..')
const source = globSync('{protocol,agent,collector,dashboards,deploy}/**/*.{ts,mjs}', { cwd: root })
const tests = globSync('test/**/*.ts', { cwd: root })
const read = (file: string) => readFileSync(join(root, file), 'utf8')

type Import = { readonly target: string; readonly typeOnly: boolean }

/** What a file imports: packages by name, files by their path from the root. */
function importsOf(file: string): Import[] {
  const found: Import[] = []
  const pattern = /^\s*(?:import|export)\s(type\s)?(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm
  for (const [, typeOnly, name] of read(file).matchAll(pattern)) {
    found.push({ target: resolve(file, name!), typeOnly: typeOnly !== undefined })
  }
  for (const [, name] of read(file).matchAll(/\bimport\(['"]([^'"]+)['"]\)/g)) {
    found.push({ target: resolve(file, name!), typeOnly: false })
  }
  return found
}

function resolve(file: string, name: string): string {
  return name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name
}

/** Room, and what it may import besides itself. A trailing slash stands for a whole folder. */
const allowed: Record<string, readonly string[]> = {
  'protocol/': ['node:crypto', 'typebox', 'typebox/compile', 'yaml'],
  'agent/': [
    'protocol/',
    'node:',
    'typebox',
    'typebox/compile',
    'axios',
    'systeminformation',
    'yaml',
  ],
  'collector/kpi/': ['protocol/time.ts', 'type:protocol/check.ts'],
  'collector/store/': [
    'protocol/',
    'type:collector/kpi/',
    'collector/kpi/causes.ts',
    'collector/kpi/environment-day.ts',
    'collector/kpi/readiness/histogram.ts',
    'collector/error.ts',
    'collector/evidence/leaf.ts',
    'collector/evidence/pack.ts',
    'type:collector/register/',
    'type:collector/people/',
    'node:',
    'better-sqlite3',
  ],
  'collector/web/': [
    'protocol/',
    'type:collector/',
    'collector/kpi/snapshot.ts',
    'collector/kpi/readiness/metrics.ts',
    'collector/people/permissions.ts',
    'node:',
    'uqr',
  ],
  'collector/http/': [
    'protocol/',
    'collector/',
    'node:',
    'fastify',
    'typebox',
    'type:@fastify/',
    '@fastify/fast-json-stringify-compiler',
  ],
  'dashboards/': [
    '@grafana/',
    'collector/kpi/',
    'collector/web/language.ts',
    'collector/web/texts/',
    'collector/register/',
    'protocol/',
    'node:',
  ],
}

function isAllowed(room: string, { target, typeOnly }: Import): boolean {
  return [room, ...(allowed[room] ?? [])].some((rule) => {
    const typeRule = rule.startsWith('type:')
    const name = typeRule ? rule.slice(5) : rule
    const fits = /[/:]$/.test(name) ? target.startsWith(name) : target === name
    return fits && (!typeRule || typeOnly)
  })
}

describe('who may import whom', () => {
  test.each(Object.keys(allowed))('%s imports only what it may', (room) => {
    const broken = source
      .filter((file) => file.startsWith(room) && !file.endsWith('main.ts'))
      .flatMap((file) =>
        importsOf(file)
          .filter((each) => !isAllowed(room, each))
          .map(({ target }) => `${file} -> ${target}`),
      )
    expect(broken).toEqual([])
  })

  test('routes and pages do not reach a database or a socket themselves', () => {
    const reach = /better-sqlite3|node:(net|tls|http|https|child_process|sqlite)/
    const broken = source
      .filter((file) => /^collector\/(http|web)\//.test(file))
      .filter((file) => importsOf(file).some(({ target }) => reach.test(target)))
    expect(broken).toEqual([])
  })

  test('nothing imports a main.ts', () => {
    const broken = [...source, ...tests].filter((file) =>
      importsOf(file).some(({ target }) => /(^|\/)main\.ts$/.test(target)),
    )
    // It only prepares the process.
    expect(broken).toEqual(['collector/main.mjs'])
  })
})

test('the evaluating thread loads no validator and no parser of files', () => {
  const seen = new Set<string>()
  const visit = (file: string): string[] => {
    if (seen.has(file)) return []
    seen.add(file)
    return importsOf(file)
      .filter(({ typeOnly }) => !typeOnly)
      .flatMap(({ target }) => {
        if (target.endsWith('.ts')) return visit(target)
        return /^(typebox|yaml)\b/.test(target) ? [`${file} -> ${target}`] : []
      })
  }
  expect(visit('collector/evaluate/worker.ts')).toEqual([])
  expect(seen.size).toBeGreaterThan(50)
})

test('only main.ts reads the clock, the arguments and the environment', () => {
  const reading =
    /\bDate\.now\(|new Date\(\)|performance\.now\(|process\.(env|argv|hrtime|uptime)\b/
  const broken = source
    .filter((file) => /^(protocol|agent|collector)\//.test(file) && !/main\.m?[jt]s$/.test(file))
    .filter((file) => reading.test(withoutComments(read(file))))
  expect(broken).toEqual([])
})

test('the pure core does not wait, and knows no platform', () => {
  const broken = source
    .filter((file) => file.startsWith('collector/kpi/'))
    .filter((file) =>
      /\bawait\b|\basync\b|\bprocess\b|\bBuffer\b/.test(withoutComments(read(file))),
    )
  expect(broken).toEqual([])
})

test('there are no barrels', () => {
  const isBarrel = (file: string) => /(^|\/)index\.[mc]?[jt]s$/.test(file)
  const reexports = /^export\s+(type\s+)?(\*|\{[^}]*\})\s+from\b/m
  const broken = [...source, ...tests].filter(
    (file) => isBarrel(file) || reexports.test(read(file)),
  )
  expect(broken).toEqual([])
})

test('no file of the source is over 300 lines, no line over 100 characters', () => {
  const long = source.flatMap((file) => {
    const lines = read(file).split('\n')
    const wide = lines.findIndex((line) => line.length > 100)
    return [
      ...(lines.length > 301 ? [`${file}: ${lines.length} lines`] : []),
      ...(wide === -1 ? [] : [`${file}:${wide + 1}: ${lines[wide]!.length} characters`]),
    ]
  })
  expect(long).toEqual([])
})

test('no function of the source is over 70 lines', () => {
  const opening =
    /^(\s*)(?:export )?(?:async )?(?:function\b|(?:static |readonly )?[#\w]+\([^)]*\).*\{$)/
  const long = source.flatMap((file) => {
    const lines = read(file).split('\n')
    return lines.flatMap((line, start) => {
      const indent = opening.exec(line)?.[1]
      if (indent === undefined || /^\s*(if|for|while|switch|return)\b/.test(line)) return []
      const length = lines
        .slice(start)
        .findIndex((each, i) => i > 0 && each.startsWith(`${indent}}`))
      return length > 70 ? [`${file}:${start + 1}: ${length} lines`] : []
    })
  })
  expect(long).toEqual([])
})

test('nothing is left unfinished, switched off, or replaced by a mock of our own code', () => {
  const unfinished = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|'))
  const off = new RegExp(['\\.on' + 'ly\\(', '\\.sk' + 'ip\\(', 'vi\\.mo' + 'ck'].join('|'))
  const broken = [...source, ...tests].filter(
    (file) => unfinished.test(read(file)) || off.test(read(file)),
  )
  expect(broken).toEqual([])
})

test('versions are exact, and the programs carry that of the package', () => {
  const manifest = JSON.parse(read('package.json'))
  const versions = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((group) =>
    Object.entries(manifest[group]).filter(([, wanted]) => !/^\d/.test(String(wanted))),
  )
  expect(versions).toEqual([])
  for (const file of ['agent/version.ts', 'collector/version.ts']) {
    expect(read(file)).toContain(`'${manifest.version}'`)
  }
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

test('what a role may do stands in the table of permissions, not where it is asked', () => {
  const compares = /role [!=]== '(admin|ministry|evaluator|institution|auditor)'/
  const found = source.filter((file) => /^collector\//.test(file) && compares.test(read(file)))
  // Whose log an account's acts stand in, which grants make sense, and which body one acts for.
  expect(found.sort()).toEqual([
    'collector/people/account-acts.ts',
    'collector/people/account-book.ts',
    'collector/people/two-person.ts',
    'collector/web/parts/declarations.ts',
  ])
})
