import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readRegister } from '../../../collector/register/register.ts'
import { DocumentError } from '../../../protocol/document.ts'

const example = readFileSync('deploy/examples/register.yaml', 'utf8')

/** Institution `a` with one environment `e`, whose last lines are those given. */
function withEnvironment(...lines: string[]): string {
  return [
    'apiVersion: istimrar.register/v1',
    'institutions:',
    '- id: a',
    '  kind: institution',
    '  name: { ar: مؤسسة, en: A }',
    '  sites: [{ id: main, name: { ar: الموقع, en: Main } }]',
    '  environments:',
    '  - id: e',
    '    name: { ar: بيئة, en: E }',
    '    class: internal',
    '    criticality: critical',
    ...lines.map((line) => `    ${line}`),
    'populations: { continuity: [a], enabled: [], readiness: [] }',
  ].join('\n')
}

function problemsOf(text: string): string[] {
  try {
    readRegister(text, 'register.yaml')
  } catch (error) {
    if (error instanceof DocumentError) return error.message.split('\n')
    throw error
  }
  return []
}

test('the example is a register of this machine', () => {
  const { institutions, populations } = readRegister(example, 'register.yaml')
  expect(institutions.map(({ id }) => id)).toEqual(['local'])
  expect(institutions[0]?.environments).toEqual([
    {
      id: 'this-machine',
      name: { ar: 'بيئة الاستضافة على هذا الجهاز', en: 'Hosting environment on this machine' },
      class: 'internal',
      criticality: 'critical',
      site: null,
      hosting: { provider: 'own', contract: null },
      serviceHours: 'always',
      needs: null,
    },
  ])
  expect(populations).toEqual({ continuity: ['local'], enabled: ['local'], readiness: ['local'] })
})

test('all that may be said of an environment is read', () => {
  const text = withEnvironment(
    'site: main',
    'hosting: { provider: own, contract: No. 7 }',
    'serviceHours: [{ days: [sun, mon], from: 07:30, to: 24:00 }]',
    'needs: { all: [web/https, { atLeast: 1, of: [db-1/tcp, db-2/tcp] }] }',
  )
  expect(readRegister(text, 'f').institutions[0]?.environments[0]).toMatchObject({
    site: 'main',
    hosting: { provider: 'own', contract: 'No. 7' },
    serviceHours: [{ days: ['sun', 'mon'], from: '07:30', to: '24:00' }],
    needs: { all: ['web/https', { atLeast: 1, of: ['db-1/tcp', 'db-2/tcp'] }] },
  })
})

test('what was promised, where it is hosted and which checks play a role', () => {
  const text = withEnvironment(
    'hosting: { provider: gov-cloud, kind: cloud }',
    'recovery: { rpoHours: 24, rtoHours: 0.5 }',
  ).replace(
    '  environments:',
    '  roles: { remoteAccess: [e/b/vpn, e/a/vpn], integrationPlatform: [e/a/esb] }\n  environments:',
  )
  expect(readRegister(text, 'f').institutions[0]).toMatchObject({
    roles: { remoteAccess: ['e/a/vpn', 'e/b/vpn'], integrationPlatform: ['e/a/esb'] },
    environments: [
      {
        hosting: { provider: 'gov-cloud', contract: null, kind: 'cloud' },
        recovery: { rpoHours: 24, rtoHours: 0.5 },
      },
    ],
  })
})

test.each([
  [
    'of another environment',
    'other/a/vpn',
    'no environment of this institution has the id "other"',
  ],
  ['without its environment', 'a/vpn', 'must be a check, as <environment>/<agent name>/<check>'],
])('a check of a role %s', (_name, check, expected) => {
  const roles = `  roles: { remoteAccess: [${check}] }\n  environments:`
  const text = withEnvironment().replace('  environments:', roles)
  expect(problemsOf(text)).toEqual([
    `register.yaml:7: institutions[0].roles.remoteAccess[0]: ${expected}`,
  ])
})

test('the order in the file means nothing, and look-alike names are the same', () => {
  const name = (en: string) => `{ ar: مؤسسة, en: "${en}" }`
  const institution = (id: string, en: string) =>
    `- { id: ${id}, kind: institution, name: ${name(en)}, environments: [] }`
  const text = (institutions: string[], members: string) =>
    `apiVersion: istimrar.register/v1\ninstitutions:\n${institutions.join('\n')}
populations: { continuity: ${members}, enabled: [], readiness: [] }`
  const one = text([institution('b', 'Caf\u00e9'), institution('a', 'A')], '[b, a]')
  const other = text([institution('a', 'A'), institution('b', 'Cafe\u0301')], '[a, b]')
  expect(readRegister(one, 'f')).toEqual(readRegister(other, 'f'))
})

const group = (depth: number): string => (depth === 0 ? 'a/b' : `{ all: [${group(depth - 1)}] }`)

test.each([
  ['nothing more', [], []],
  ['five groups deep', [`needs: ${group(5)}`], []],
  [
    'six groups deep',
    [`needs: ${group(6)}`],
    [`needs${'.all[0]'.repeat(5)}: must nest at most 5 groups`],
  ],
  [
    'a check without its agent',
    ['needs: web'],
    ['needs: must be a check, as <agent name>/<check>'],
  ],
  [
    'a list as needs',
    ['needs: [a/b]'],
    ['needs: must be a check (<agent name>/<check>) or { all: '],
  ],
  [
    '3 of 2',
    ['needs: { atLeast: 3, of: [a/b, a/c] }'],
    ['needs.atLeast: must be at most 2, the n'],
  ],
  ['0 of 1', ['needs: { atLeast: 0, of: [a/b] }'], ['needs.atLeast: must be a whole number from']],
  ['a check twice', ['needs: { all: [a/b, a/b] }'], ['needs.all[1]: is listed twice']],
  ['unknown site', ['site: other'], ['site: no site of this institution has the id "other"']],
  [
    'no time',
    ["serviceHours: [{ days: [sun], from: '7:30', to: '25:00' }]"],
    [
      'serviceHours[0].from: must be a time of day such as "07:30"',
      'serviceHours[0].to: must be a time of day such as "07:30"',
    ],
  ],
  [
    'over midnight',
    ['serviceHours: [{ days: [sun], from: 20:00, to: 04:00 }]'],
    ['serviceHours[0].to: must be after 20:00; split at midnight'],
  ],
  ['no promise', ['recovery: {}'], ['recovery: ']],
  [
    'a promise of nothing',
    ['recovery: { rpoHours: 0, rtoHours: 9000 }'],
    ['recovery.rpoHours: must be a number from', 'recovery.rtoHours: must be a number from'],
  ],
  [
    'hosted nowhere',
    ['hosting: { provider: own, kind: basement }'],
    ['hosting.kind: must be one of cloud, on_premises'],
  ],
  ['sometimes', ['serviceHours: sometimes'], ['serviceHours: must be "always" or a list of {']],
  [
    'unknown setting',
    ['owner: me'],
    ['owner: unknown setting "owner"; allowed: id, name, class, '],
  ],
])('environment: %s', (_name, lines, expected) => {
  const place = 'register.yaml:12: institutions[0].environments[0].'
  expect(problemsOf(withEnvironment(...lines))).toEqual(
    expected.map((start) => expect.stringContaining(place + start)),
  )
})

test('ids are unique where they must be, and references lead somewhere', () => {
  const text = `apiVersion: istimrar.register/v1
institutions:
- id: a
  kind: institution
  name: { ar: مؤسسة, en: A }
  sites:
  - { id: s, name: { ar: موقع, en: S } }
  - { id: s, name: { ar: موقع, en: S } }
  environments:
  - { id: e, name: { ar: بيئة, en: E }, class: link, criticality: critical }
  - { id: e, name: { ar: بيئة, en: E }, class: link, criticality: critical }
- id: a
  kind: governorate
  name: { ar: محافظة, en: B }
  environments:
  - { id: e, name: { ar: بيئة, en: E }, class: link, criticality: critical }
populations:
  continuity: [a]
  enabled:
  - b
  readiness: []`
  expect(problemsOf(text)).toEqual([
    'register.yaml:8: institutions[0].sites[1].id: the id "s" is used twice',
    'register.yaml:11: institutions[0].environments[1].id: the id "e" is used twice',
    'register.yaml:12: institutions[1].id: the id "a" is used twice',
    'register.yaml:20: populations.enabled[0]: no institution has the id "b"',
  ])
})

test.each([
  ['Arabic without Arabic letters', 'ar: Ministry, en: A', 'name.ar: must be written in Arabic'],
  ['English without Latin letters', 'ar: مؤسسة, en: مؤسسة', 'name.en: must be written in Latin'],
  ['one language', 'ar: مؤسسة', 'name: missing "en"'],
  [
    'hidden characters',
    'ar: مؤسسة, en: "A\\u202e"',
    'name.en: must be written in Latin letters, wi',
  ],
])('names: %s', (_name, names, expected) => {
  const text = withEnvironment().replace('ar: مؤسسة, en: A', names)
  expect(problemsOf(text)).toEqual([
    expect.stringContaining(`register.yaml:5: institutions[0].${expected}`),
  ])
})

test.each([
  ['other version', example.replace('/v1', '/v9'), '4: apiVersion: must be istimrar.register/v1'],
  ['id', example.replace('id: local', 'id: Local'), '7: institutions[0].id: must be an id: '],
  [
    'member twice',
    example.replace('[local]', '[local, local]'),
    '19: populations.continuity[1]: is',
  ],
  ['no populations', example.replace(/populations:.*/s, ''), '1: missing "populations"'],
])('file: %s', (_name, text, expected) => {
  expect(problemsOf(text)[0]).toContain(`register.yaml:${expected}`)
})

test('at most 200 institutions of 100 environments', () => {
  const institution = (i: number) =>
    `- { id: i${i}, kind: institution, name: { ar: مؤسسة, en: A }, environments: [] }\n`
  const environment = (i: number) =>
    `  - { id: e${i}, name: { ar: بيئة, en: E }, class: link, criticality: critical }\n`
  const many = (count: number, one: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => one(i)).join('')
  const institutions = (count: number) =>
    example.replace(/ {2}- id: local.*?\n\n/s, many(count, institution))
  const environments = (count: number) =>
    withEnvironment().replace(/ {2}- id: e\n.*?(?=populations)/s, many(count, environment))
  expect(problemsOf(environments(100))).toEqual([])
  expect(problemsOf(environments(101))[0]).toContain('must have at most 100 entries, not 101')
  expect(problemsOf(institutions(200))).toHaveLength(3)
  expect(problemsOf(institutions(201))[0]).toContain('must have at most 200 entries, not 201')
})

test('no institution may have the name of the national log', () => {
  const text = `apiVersion: istimrar.register/v1
institutions:
- id: national
  kind: institution
  name: { ar: وطني, en: National }
  environments:
  - { id: e, name: { ar: بيئة, en: E }, class: link, criticality: critical }
populations: { continuity: [], enabled: [], readiness: [] }
`
  expect(problemsOf(text)).toEqual([
    'register.yaml:3: institutions[0].id: the id "national" is that of the national log',
  ])
})

/** Environment `e` of class public, with these witnesses. */
function witnessed(witnesses: readonly string[], kind = 'public'): string {
  const list = `witnesses: [${witnesses.join(', ')}]`
  return withEnvironment(list).replace('class: internal', `class: ${kind}`)
}

test('witnesses are kept in order; without any nothing is said of them', () => {
  const environmentOf = (text: string) =>
    readRegister(text, 'register.yaml').institutions[0]!.environments[0]!
  const named = witnessed(['south/portal', 'north/portal', 'north/api'])
  expect(environmentOf(named).witnesses).toEqual(['north/api', 'north/portal', 'south/portal'])
  expect('witnesses' in environmentOf(withEnvironment())).toBe(false)
})

const place = 'institutions[0].environments[0].witnesses'
const ten = Array.from({ length: 10 }, (_, i) => `w${i}/portal`)
test.each<[string, string, RegExp | null]>([
  ['ten', witnessed(ten), null],
  ['eleven', witnessed([...ten, 'w10/portal']), /must have at most 10 entries, not 11/],
  ['one', witnessed(['north/portal']), /must have at least 2 entries/],
  ['of one agent', witnessed(['north/a', 'north/b']), /must be of at least two agents/],
  ['the same twice', witnessed(['north/a', 'north/a']), /witnesses/],
  ['no check', witnessed(['north', 'south/a']), /must be a check, as <agent name>\/<check>/],
  ['of an internal environment', witnessed(['n/a', 's/a'], 'internal'), /only .* class public/],
  ['of a link', witnessed(['n/a', 's/a'], 'link'), /only .* class public/],
])('witnesses: %s', (_name, text, problem) => {
  const problems = problemsOf(text)
  if (problem === null) expect(problems).toEqual([])
  else expect(problems[0]).toMatch(problem)
  for (const each of problems) expect(each).toContain(place)
})
