import { expect, test } from 'vitest'
import { combine, type Needs, sweep } from '../../../collector/kpi/compose.ts'
import type { State } from '../../../protocol/check.ts'
import { minutes, strip, timeline } from '../../support/strips.ts'

const webAndOneDatabase: Needs = { all: ['web', { atLeast: 1, of: ['db1', 'db2'] }] }

test.each<[State, State, State, State]>([
  ['up', 'down', 'unknown', 'unknown'],
  ['up', 'up', 'unknown', 'up'],
  ['up', 'up', 'down', 'degraded'],
  ['down', 'unknown', 'unknown', 'down'],
  ['unknown', 'up', 'up', 'unknown'],
  ['degraded', 'up', 'up', 'degraded'],
])('T8: web %s and one of (%s, %s) is %s', (web, db1, db2, expected) => {
  const states: Record<string, State> = { web, db1, db2 }
  expect(combine(webAndOneDatabase, (check) => states[check]!)).toBe(expected)
})

test.each<[string, Needs, string]>([
  ['series', { all: ['a', 'b', 'c'] }, 'GDD..G'],
  ['two of three', { atLeast: 2, of: ['a', 'b', 'c'] }, 'GGD.UG'],
  ['one', 'a', 'UUU.UU'],
])('an expression is evaluated at every instant: %s', (_name, needs, expected) => {
  const strips = { a: 'UUU.UU', b: 'UDD.UU', c: 'GUD..G' }
  const names = Object.keys(strips)
  const timelines = Object.values(strips).map((each) => timeline(each))
  const found = sweep(timelines, minutes(0, 6), (states) =>
    combine(needs, (check) => states[names.indexOf(check)]!),
  )
  expect(strip(found)).toBe(expected)
})

test('T5: three monitors up 90, 90 and 80 percent of the time are up together for 70', () => {
  const monitors = ['DUUUUUUUUU', 'UDUUUUUUUU', 'UDDUUUUUUU'].map((each) => timeline(each))
  const found = sweep(monitors, minutes(0, 10), (states) =>
    combine({ all: ['0', '1', '2'] }, (check) => states[Number(check)]!),
  )
  expect(strip(found)).toBe('DDDUUUUUUU')
})

test('a sweep covers its window without holes, whatever the timelines', () => {
  const found = sweep([timeline('.UU.', 2)], minutes(0, 8), ([state]) => state!)
  expect(strip(found)).toBe('...UU...')
})
