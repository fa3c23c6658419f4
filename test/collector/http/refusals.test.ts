import { expect, test } from 'vitest'
import { RefusalLog } from '../../../collector/http/refusals.ts'
import { collectorLimits } from '../../../collector/limits.ts'

const { refusalsPerMinute, refusalSourcesMax } = collectorLimits

function start() {
  const lines: Readonly<Record<string, unknown>>[] = []
  let hashed = 0
  const log = new RefusalLog((fields) => lines.push(fields))
  const refuse = (ip: string, count = 1) => {
    for (let i = 0; i < count; i++) {
      const sha256 = () => `hash ${++hashed}`
      log.note({ code: 'auth', ip, bytes: 7, sha256 })
    }
  }
  return { lines, log, refuse, hashed: () => hashed }
}

test('a line says who, why, and what size, never what', () => {
  const { lines, refuse } = start()
  refuse('192.0.2.1')
  const line = { event: 'refused', code: 'auth', ip: '192.0.2.1', bytes: 7, sha256: 'hash 1' }
  expect(lines).toEqual([line])
})

test('one source writes so many lines a minute, then one with the number of the others', () => {
  const { lines, log, refuse, hashed } = start()
  refuse('192.0.2.1', 5_000)
  refuse('192.0.2.2', 2)
  expect(lines).toHaveLength(refusalsPerMinute + 2)
  // What is not written is not hashed either.
  expect(hashed()).toBe(refusalsPerMinute + 2)
  log.endMinute()
  expect(lines.slice(refusalsPerMinute + 2)).toEqual([
    { event: 'refused', source: '192.0.2.1', more: 5_000 - refusalsPerMinute },
  ])
  log.endMinute()
  refuse('192.0.2.1')
  expect(lines).toHaveLength(refusalsPerMinute + 4)
})

test('a flood from everywhere stays bounded: those beyond the limit share one account', () => {
  const { lines, log, refuse } = start()
  for (let i = 0; i < 3 * refusalSourcesMax; i++) refuse(`source ${i}`)
  expect(lines).toHaveLength(refusalSourcesMax + refusalsPerMinute)
  log.endMinute()
  const more = 2 * refusalSourcesMax - refusalsPerMinute
  expect(lines.at(-1)).toEqual({ event: 'refused', source: 'others', more })
})
