import { expect, test } from 'vitest'
import { spreadDirty } from '../../../collector/evaluate/dirty-days.ts'
import type { Environment } from '../../../collector/register/register.ts'
import { dayMs } from '../../../protocol/time.ts'

function place(id: string, site: string | null, witnesses?: readonly string[]) {
  const [institution = '', environment = ''] = id.split('/')
  const value = { id: environment, site, ...(witnesses && { witnesses }) } as Environment
  return { institution, environment, versions: [{ from: 0, to: 9, value }] }
}

const places = [
  place('health/portal', 'main', ['north/a', 'south/a']),
  place('health/records', 'main'),
  place('health/archive', 'recovery'),
  place('health/mail', null),
  place('roads/portal', 'main'),
  place('roads/mail', null, ['north/b', 'south/b']),
]

function spread(...ids: string[]): string[] {
  const dirty = ids.map((id, i) => {
    const [institution = '', environment = ''] = id.split('/')
    return { institution, environment, day: 7, mark: i + 3 }
  })
  return spreadDirty(dirty, places, 7)
    .map(
      ({ institution, environment, day, mark }) => `${institution}/${environment} ${day} ${mark}`,
    )
    .sort()
}

test.each<[string, string[], string[]]>([
  ['nothing', [], []],
  ['an environment of no site stays alone', ['health/mail'], ['health/mail 7 3']],
  [
    'the same site of the same institution, not of another',
    ['health/records'],
    ['health/portal 7 3', 'health/records 7 3'],
  ],
  ['one that the register does not name stays', ['ports/x'], ['ports/x 7 3']],
  ['witnesses: whoever names any', ['national/witness'], ['health/portal 7 3', 'roads/mail 7 3']],
  [
    'the mark of an own day stays its own',
    ['health/records', 'health/portal', 'national/witness'],
    ['health/portal 7 4', 'health/records 7 3', 'roads/mail 7 5'],
  ],
])('dirty days spread: %s', (_name, ids, expected) => {
  expect(spread(...ids)).toEqual(expected)
})

test('who was heard counts for seven days at its site, as far as days have begun', () => {
  const row = { institution: 'health', environment: 'records', day: 0, mark: 1 }
  const daysOf = (today: number, environment: string) =>
    spreadDirty([row], places, today)
      .filter((each) => each.environment === environment)
      .map(({ day }) => day / dayMs)
  expect(daysOf(2 * dayMs, 'portal')).toEqual([0, 1, 2])
  expect(daysOf(20 * dayMs, 'portal')).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(daysOf(20 * dayMs, 'records')).toEqual([0])
})
