import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AppError } from '../../../collector/error.ts'
import type { Dating } from '../../../collector/ingest/clock.ts'
import { factsOf } from '../../../collector/ingest/facts.ts'
import type { Fact } from '../../../protocol/batch.ts'
import { missingReasons } from '../../../protocol/indicators.ts'
import { quietBatch } from '../../support/quiet-batch.ts'

const dated: Dating = { timeClass: 'A', offsetMs: 1_000, anchoredAt: 0 }
const histogram = { n: 1, min: 1, max: 1, last: 1, buckets: [] }

/** What is stored of a fact, or the code of its refusal. */
function stored(fact: object, dating = dated): unknown {
  const batch = {
    ...quietBatch('b1', { wall: 9, boot: 9 }, []),
    facts: [{ at: 5, ...fact } as Fact],
  }
  try {
    return factsOf(batch, dating)
  } catch (error) {
    return (error as AppError).code
  }
}

describe('facts are stored with how they were had, or why not', () => {
  const row = { at: 1_005, method: null, missing: null, detail: null }
  test.each<[string, object, unknown]>([
    [
      'a value',
      { indicator: 'os.name', value: 'Debian 12', method: 'os-release', detail: 'x' },
      [{ ...row, indicator: 'os.name', value: 'Debian 12', method: 'os-release', detail: 'x' }],
    ],
    [
      'none, and why',
      { indicator: 'disk.healthy', value: null, method: 'smart', missing: 'no_permission' },
      [
        {
          ...row,
          indicator: 'disk.healthy',
          value: null,
          method: 'smart',
          missing: 'no_permission',
        },
      ],
    ],
    [
      'values of a check',
      { indicator: 'check.web', value: histogram },
      [{ ...row, indicator: 'check.web', value: histogram }],
    ],
    [
      'what only a newer version knows',
      { indicator: 'os.mood', value: 'good' },
      [{ ...row, indicator: 'os.mood', value: 'good' }],
    ],
    ['none, and no reason', { indicator: 'os.name', value: null }, 'schema'],
    [
      'a value and a reason for none',
      { indicator: 'os.name', value: 'x', missing: 'no_tool' },
      'schema',
    ],
    ['a value of another unit', { indicator: 'disk.free_ratio', value: 1.5 }, 'schema'],
    ['a text where a yes or no belongs', { indicator: 'firewall.on', value: 'yes' }, 'schema'],
    ['a histogram that is of no check', { indicator: 'os.name', value: histogram }, 'schema'],
    [
      'a check that has no histogram',
      { indicator: 'check.web', value: null, missing: 'no_tool' },
      'schema',
    ],
  ])('%s', (_name, fact, expected) => {
    expect(stored(fact)).toEqual(expected)
  })

  test('what cannot be dated is not stored, and is refused all the same', () => {
    const undated: Dating = { timeClass: 'C', offsetMs: 0, anchoredAt: null }
    expect(stored({ indicator: 'os.name', value: 'x' }, undated)).toEqual([])
    expect(stored({ indicator: 'os.name', value: null }, undated)).toBe('schema')
  })

  test('a reason is given if and only if there is no value', () => {
    // Also one that this version does not know.
    const reason = fc.constantFrom(undefined, 'quota_spent', ...Object.keys(missingReasons))
    const value = fc.oneof(fc.constant(null), fc.string({ minLength: 1 }))
    fc.assert(
      fc.property(value, reason, (value, missing) => {
        const fact = { indicator: 'os.name', value, ...(missing && { missing }) }
        expect(stored(fact) === 'schema').toBe((value === null) !== (missing !== undefined))
      }),
    )
  })
})
