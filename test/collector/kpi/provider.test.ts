import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { continuity } from '../../../collector/kpi/continuity.ts'
import { noTime, type Sums } from '../../../collector/kpi/environment-day.ts'
import { decimal } from '../../../collector/kpi/fraction.ts'
import { institutionSums, type Part } from '../../../collector/kpi/population.ts'
import { type HostedPart, providerRows } from '../../../collector/kpi/provider.ts'
import { windowNames } from '../../../collector/kpi/snapshot.ts'
import { minuteMs } from '../../../protocol/time.ts'

const standard = { target: decimal(0.95), gapMax: decimal(0.01), centreMax: decimal(0.01) }

function sums(time: Partial<Record<'up' | 'down' | 'unknown' | 'maintenance' | 'centre', number>>) {
  const { up = 0, down = 0, unknown = 0, maintenance = 0, centre = 0 } = time
  const gross = { grossUp: up + maintenance, grossDown: down, grossUnknown: unknown + centre }
  return { ...noTime, ...{ up, down, unknown, maintenance, centre }, ...gross } satisfies Sums
}

const time = fc.nat(100_000)
const hosted = fc.record({
  institution: fc.constantFrom('health', 'roads', 'ports'),
  provider: fc.constantFrom('own', 'data-park', 'cloud', null),
  weight: fc.constantFrom(1, 2, 4),
  assessed: fc.boolean(),
  sums: fc.record({ up: time, down: time, unknown: time, maintenance: time, centre: time }),
})

function memberOf({
  institution,
  provider,
  ...more
}: typeof hosted extends fc.Arbitrary<infer T> ? T : never): HostedPart {
  const part: Part = { id: 'x', critical: false, ...more, sums: sums(more.sums) }
  return {
    institution,
    provider,
    environments: 1,
    part: { cycle: part, '30d': part, '7d': part, '24h': part },
  }
}

describe('continuity by hosting provider', () => {
  test('adds up to the pool of all environments with a provider', () => {
    fc.assert(
      fc.property(fc.array(hosted, { maxLength: 12 }), (drawn) => {
        const members = drawn.map(memberOf)
        const rows = providerRows(members, standard)
        const named = members.filter(({ provider }) => provider !== null)
        expect(rows.reduce((sum, row) => sum + row.environments, 0)).toBe(named.length)
        for (const window of windowNames) {
          const whole = continuity(institutionSums(named.map(({ part }) => part[window])), standard)
          for (const name of ['eligibleMs', 'upMs', 'downMs', 'unknownMs', 'centreMs'] as const) {
            // A row without any time in scope has no sums; it adds nothing to E, nor to its parts.
            const parts = rows.map(({ continuity: figures }) => figures[window].sums?.[name] ?? 0)
            const isFull = rows.every(({ continuity: figures }) => figures[window].sums)
            if (!isFull && name === 'centreMs') continue
            expect(parts.reduce((a, b) => a + b, 0)).toBe(whole.sums?.[name] ?? 0)
          }
        }
      }),
    )
  })

  test('counts environments and institutions, by id, and leaves out what nobody is named for', () => {
    const own = { weight: 1, assessed: true, sums: { up: 90, down: 10 } }
    const rows = providerRows(
      [
        memberOf({ institution: 'health', provider: 'own', ...own } as never),
        memberOf({ institution: 'health', provider: 'cloud', ...own, weight: 4 } as never),
        memberOf({
          institution: 'roads',
          provider: 'cloud',
          ...own,
          sums: { up: 50, down: 50 },
        } as never),
        memberOf({ institution: 'roads', provider: 'cloud', ...own, assessed: false } as never),
        memberOf({ institution: 'roads', provider: null, ...own } as never),
      ],
      standard,
    )
    expect(rows.map((row) => [row.provider, row.environments, row.institutions])).toEqual([
      ['cloud', 3, 2],
      ['own', 1, 1],
    ])
    // (4 * 90 + 50 + 0) / 600, and at most (4 * 90 + 50 + 100) / 600.
    const { low, high } = rows[0]!.continuity.cycle
    expect([low?.percent, high?.percent]).toEqual(['68.33', '85.00'])
  })
})

describe('the audit flag centre_share', () => {
  const flagsOf = (time: Parameters<typeof sums>[0]) => continuity(sums(time), standard).flags

  test('is raised above the share of all time in scope, exactly', () => {
    const rest = { up: 900_000, maintenance: 90_000 }
    expect(flagsOf({ ...rest, centre: 10_000 })).not.toContain('centre_share')
    expect(flagsOf({ ...rest, centre: 10_001 })).toContain('centre_share')
  })

  test('is raised where the centre lost all there was, though nothing has a value then', () => {
    const figure = continuity(sums({ centre: 5 * minuteMs }), standard)
    expect(figure).toMatchObject({ low: null, sums: null, flags: ['centre_share'] })
    expect(continuity(noTime, standard).flags).toEqual([])
  })
})
