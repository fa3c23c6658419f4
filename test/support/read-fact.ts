import { expect } from 'vitest'
import type { FactHost, FactProbe, Reading } from '../../agent/facts/fact.ts'
import { measureFacts } from '../../agent/facts/measure.ts'
import type { Indicator } from '../../protocol/indicators.ts'
import { type FactHostParts, fakeFactHost } from './fact-host.ts'

/** What a family tells of a host, as it would be sent: by indicator, each reading without it. */
export async function readFact(
  family: FactProbe,
  host: FactHost | FactHostParts = {},
): Promise<Partial<Record<Indicator, Omit<Reading, 'indicator'>>>> {
  const warnings: string[] = []
  const readings = await measureFacts({ family }, 'read' in host ? host : fakeFactHost(host), {
    // Whoever never answers is found by the deadline of the test.
    timer: () => () => {},
    warn: (text) => warnings.push(text),
  })
  expect(warnings).toEqual([])
  return Object.fromEntries(readings.map(({ indicator, ...rest }) => [indicator, rest]))
}
