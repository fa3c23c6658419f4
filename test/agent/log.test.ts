import { expect, test } from 'vitest'
import { jsonLog } from '../../agent/log.ts'

test('an event is one line of JSON, whatever is in it', () => {
  let written = ''
  const log = jsonLog(
    (line) => {
      written += line
    },
    () => 1_800_000_000_000,
  )
  log('warn', 'Not delivered.', { code: 'a\nb\u2028"c', failures: 2 })
  expect(written.endsWith('\n')).toBe(true)
  expect(written.trim().split('\n')).toHaveLength(1)
  expect(JSON.parse(written)).toEqual({
    ...{ time: '2027-01-15T08:00:00.000Z', level: 'warn', message: 'Not delivered.' },
    ...{ code: 'a\nb\u2028"c', failures: 2 },
  })
})
