import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../../../collector/error.ts'
import { type Declared, difference, type Entry } from '../../../collector/register/difference.ts'
import {
  environmentHistories,
  membership,
  policyAt,
  registerAt,
  registerHistory,
} from '../../../collector/register/history.ts'
import { readPolicy } from '../../../collector/register/policy.ts'
import {
  type Environment,
  type Register,
  readRegister,
} from '../../../collector/register/register.ts'

const example: Declared = {
  register: readRegister(readFileSync('deploy/examples/register.yaml', 'utf8'), 'register.yaml'),
  settings: readPolicy(readFileSync('deploy/examples/policy.yaml', 'utf8'), 'policy.yaml', 2e12),
}

/** Appends what applying the files at `at` gives, as a log would read it back. */
function applied(log: readonly Entry[], declared: Declared, at: number, now = at): Entry[] {
  const applying = { actor: 'root', role: 'admin', why: 'test', effectiveFrom: at }
  const entries = difference(registerHistory(log), declared, applying, now)
  return [...log, ...(JSON.parse(JSON.stringify(entries)) as Entry[])]
}

function renamed(register: Register, en: string): Register {
  const institutions = register.institutions.map((each) => ({
    ...each,
    name: { ...each.name, en },
  }))
  return { ...register, institutions }
}

const empty: Register = {
  institutions: [],
  populations: { continuity: [], enabled: [], readiness: [] },
}

test('the first application makes one entry per subject, in order', () => {
  const log = applied([], example, 1_000)
  expect(log.map(({ what }) => what)).toEqual([
    'institution/local',
    'institution/local/environment/this-machine',
    ...Object.keys(example.settings)
      .map((name) => `policy/${name}`)
      .sort(),
    'population/continuity/local',
    'population/enabled/local',
    'population/readiness/local',
  ])
  expect(log[0]).toEqual({
    actor: 'root',
    role: 'admin',
    what: 'institution/local',
    why: 'test',
    before: null,
    after: {
      id: 'local',
      kind: 'institution',
      name: { ar: 'مؤسسة محلية (هذا الجهاز)', en: 'This machine' },
      sector: null,
      sites: [],
    },
    effectiveFrom: 1_000,
  })
})

test('applying the same files again gives no entry, however keys are ordered', () => {
  const log = applied([], example, 1_000)
  const [institution] = example.register.institutions
  const turned = Object.fromEntries(Object.entries(institution ?? {}).reverse())
  const register = { ...example.register, institutions: [turned] } as unknown as Register
  expect(applied(log, { ...example, register }, 2_000)).toEqual(log)
})

test('a change, and a removal that keeps what was', () => {
  let log = applied([], example, 1_000)
  log = applied(log, { ...example, register: renamed(example.register, 'Renamed') }, 2_000)
  expect(log.at(-1)).toMatchObject({
    what: 'institution/local',
    before: { name: { en: 'This machine' } },
    after: { name: { en: 'Renamed' } },
  })
  log = applied(log, { ...example, register: empty }, 3_000)
  expect(log.slice(-5).map(({ what, after }) => [what, after])).toEqual([
    ['institution/local', null],
    ['institution/local/environment/this-machine', null],
    ['population/continuity/local', null],
    ['population/enabled/local', null],
    ['population/readiness/local', null],
  ])
  const history = registerHistory(log)
  const nameAt = (at: number) => registerAt(history, at).institutions[0]?.name.en
  expect([999, 1_000, 1_999, 2_000, 2_999, 3_000].map(nameAt)).toEqual([
    undefined,
    'This machine',
    'This machine',
    'Renamed',
    'Renamed',
    undefined,
  ])
  expect(membership(history, 'continuity', 'local')).toMatchObject([{ from: 1_000, to: 3_000 }])
  expect(environmentHistories(history)).toMatchObject([
    { institution: 'local', environment: 'this-machine', versions: [{ from: 1_000, to: 3_000 }] },
  ])
})

test('what comes back after a removal leaves the hole as it was', () => {
  let log = applied([], example, 1_000)
  log = applied(log, { ...example, register: empty }, 2_000)
  log = applied(log, example, 3_000)
  expect(membership(registerHistory(log), 'continuity', 'local')).toMatchObject([
    { from: 1_000, to: 2_000 },
    { from: 3_000, to: Number.POSITIVE_INFINITY },
  ])
})

test('a number that JSON writes otherwise is no difference', () => {
  const { freezeDays } = example.settings
  const settings = { ...example.settings, freezeDays: { ...freezeDays, value: -0 } }
  const log = applied([], { ...example, settings }, 1_000)
  expect(applied(log, { ...example, settings }, 2_000)).toEqual(log)
})

test('the past cannot be changed', () => {
  expect(() => applied([], example, 999, 1_000)).toThrow(AppError)
})

test('a planned change waits, and a later word withdraws it', () => {
  const planned = { ...example, register: renamed(example.register, 'Planned') }
  const first = applied([], example, 1_000)
  const log = applied(first, planned, 5_000, 2_000)
  const nameAt = (entries: Entry[], at: number) =>
    registerAt(registerHistory(entries), at).institutions[0]?.name.en
  expect([nameAt(log, 4_999), nameAt(log, 5_000)]).toEqual(['This machine', 'Planned'])
  expect(applied(log, planned, 5_000, 2_500)).toEqual(log)
  const earlier = applied(log, planned, 3_000)
  expect(earlier.at(-1)).toMatchObject({ before: { name: { en: 'This machine' } } })
  expect(nameAt(earlier, 3_000)).toBe('Planned')
  const withdrawn = applied(log, example, 3_000)
  expect(withdrawn).toHaveLength(log.length + 1)
  expect(withdrawn.at(-1)).toMatchObject({ before: { name: { en: 'Planned' } } })
  expect(nameAt(withdrawn, 6_000)).toBe('This machine')
})

test('policyAt: each setting in force, the first one also before it began', () => {
  const { freezeDays } = example.settings
  const changed = { ...example.settings, freezeDays: { ...freezeDays, value: 20 } }
  const log = applied(applied([], example, 1_000), { ...example, settings: changed }, 2_000)
  expect(log.filter(({ what }) => what === 'policy/freezeDays')).toHaveLength(2)
  const history = registerHistory(log)
  const at = [0, 1_000, 1_999, 2_000].map((instant) => policyAt(history, instant).freezeDays)
  expect(at).toEqual([10, 10, 10, 20])
  expect(policyAt(history, 0).criticalityWeights).toEqual({
    critical: 4,
    important: 2,
    supporting: 1,
  })
  expect(() => policyAt(registerHistory([]), 0)).toThrow('No entry ever set the policy')
})

test('acts about anything else are passed over', () => {
  const act = { actor: 'a', role: 'admin', why: 'x', before: null, after: true, effectiveFrom: 0 }
  const whats = ['agent/a', 'institution/a/token/t', 'population/other/a', 'policy', 'institution/']
  expect(registerHistory(whats.map((what) => ({ ...act, what }))).size).toBe(0)
})

const names = fc.constantFrom('A', 'B').map((en) => ({ ar: 'مؤسسة', en }))
const ids = (max: number) =>
  fc
    .uniqueArray(fc.constantFrom('a', 'a-b', 'b', 'c9'), { maxLength: max })
    .map((list) => list.sort())

const environments = ids(3).chain((list) =>
  fc.tuple(
    ...list.map((id) =>
      fc.record<Environment>({
        id: fc.constant(id),
        name: names,
        class: fc.constantFrom('public', 'internal'),
        criticality: fc.constantFrom('critical', 'supporting'),
        site: fc.constantFrom(null, 's'),
        hosting: fc.constant(null),
        serviceHours: fc.constant('always'),
        needs: fc.constantFrom(null, 'a/b', { all: ['a/b', 'a/c'] }),
      }),
    ),
  ),
)

const registers = ids(4).chain((list) =>
  fc.record({
    institutions: fc.tuple(
      ...list.map((id) =>
        fc.record({
          id: fc.constant(id),
          kind: fc.constantFrom('institution' as const, 'governorate' as const),
          name: names,
          sector: fc.constantFrom(null, 'health'),
          sites: fc.constant([]),
          environments,
        }),
      ),
    ),
    populations: fc.record({ continuity: ids(4), enabled: ids(2), readiness: ids(1) }),
  }),
)

test('folding what several files gave is each file in its time, and nothing is left to do', () => {
  const steps = fc.array(fc.tuple(registers, fc.integer({ min: 0, max: 3 })), { maxLength: 5 })
  fc.assert(
    fc.property(steps, (files) => {
      let log: Entry[] = []
      for (const [index, [register, delay]] of files.entries()) {
        const [now, at] = [index, index + delay]
        const declared = { ...example, register }
        const before = registerHistory(log)
        log = applied(log, declared, at, now)
        const after = registerHistory(log)
        for (const later of [at, at + 1, at + 100]) {
          expect(registerAt(after, later)).toEqual(register)
        }
        for (const earlier of [at - 1, at - 2]) {
          expect(registerAt(after, earlier)).toEqual(registerAt(before, earlier))
        }
        expect(applied(log, declared, at, now)).toEqual(log)
      }
    }),
    { numRuns: 300 },
  )
})
