import { expect, test } from 'vitest'
import type { EnvironmentWindow } from '../../../../collector/evaluate/readiness/environment-window.ts'
import {
  environmentWindow,
  linkState,
  type WindowSource,
  windowBefore,
} from '../../../../collector/evaluate/readiness/environment-window.ts'
import { environmentDay } from '../../../../collector/kpi/environment-day.ts'
import { Ledger } from '../../../../collector/kpi/ledger.ts'
import type { Environment } from '../../../../collector/register/register.ts'
import type { CheckRecord } from '../../../../collector/store/store.ts'
import type { CheckKind, ObservedState } from '../../../../protocol/check.ts'
import { dayMs, hourMs } from '../../../../protocol/time.ts'

/** Four days, of which the last is not over. */
const from = Date.parse('2026-11-01T00:00:00Z')
const asOf = from + 3 * dayMs + 5 * hourMs
const window = windowBefore(asOf)

test('the window is the 30 whole UTC days before', () => {
  expect(window).toEqual({ from: from - 27 * dayMs, to: from + 3 * dayMs })
})

type Seen = {
  readonly kind?: CheckKind
  /** Hours of the three days from the start on; the rest is unknown. */
  readonly up?: number
  readonly down?: number
  readonly environment?: Partial<Environment>
  readonly scopeFrom?: number
  readonly buckets?: number[][]
  readonly roleChecks?: string[]
}

/** One check that was up, then down, then not seen, and what it tells. */
function source(seen: Seen): WindowSource {
  const { kind = 'http', up = 72, down = 0, environment, scopeFrom = from } = seen
  const portal: Environment = {
    ...{ id: 'portal', name: { ar: 'بوابة', en: 'Portal' }, class: 'public' },
    ...{ criticality: 'critical', site: null, hosting: null, serviceHours: 'always', needs: null },
    ...environment,
  }
  const upTo = from + up * hourMs
  const downTo = upTo + down * hourMs
  const states: { from: number; to: number; state: ObservedState }[] = [
    { from, to: upTo, state: 'up' },
    { from: upTo, to: downTo, state: 'down' },
  ]
  const timeline = states.filter((span) => span.from < span.to)
  const ledger = new Ledger(from)
  const canBeDown = true
  for (let day = from; day < from + 4 * dayMs; day += dayMs) {
    const checks = [{ check: 'a/web', kind, canBeDown, since: from, timeline }]
    const scope = [{ from: scopeFrom, to: Number.POSITIVE_INFINITY, needs: { all: ['a/web'] } }]
    ledger.set(environmentDay(checks, scope, { maintenance: [], centre: [] }, day))
  }
  const record = { number: 1, name: 'a/web', agent: 'agent-1', kind, since: from } as CheckRecord
  return {
    ...{ key: { institution: 'health', environment: 'portal' }, environment: portal, scopeFrom },
    ...{ records: [record], ledger, window, knownMin: 0.6667, roleChecks: seen.roleChecks ?? [] },
  }
}

async function read(seen: Seen): Promise<EnvironmentWindow> {
  const { up = 72, down = 0 } = seen
  const known = { upMs: up * hourMs, degradedMs: 0, downMs: down * hourMs }
  const unknownMs = (72 - up - down) * hourMs
  const histogram = { n: 20, min: 0.1, max: 9, buckets: seen.buckets ?? [] }
  const values = { agent: 'agent-1', check: 'web', part: null, histogram }
  return environmentWindow(
    {
      checkSums: async () => [{ check: 'a/web', ...known, unknownMs }],
      valuesOver: async () => (seen.buckets ? [values, { ...values, part: 'loss' }] : []),
    },
    source(seen),
  )
}

const internal = { class: 'internal' } as const
const promised = { recovery: { rtoHours: 4 } }

test.each<[keyof EnvironmentWindow['measures'], string, Seen, string]>([
  ['service.success_ratio', 'all up', {}, 'measured 1'],
  ['service.success_ratio', 'a third of it down', { up: 48, down: 24 }, `measured ${2 / 3}`],
  ['service.success_ratio', 'unknown is left out', { up: 45, down: 15 }, 'measured 0.75'],
  ['service.success_ratio', 'too little is known', { up: 47 }, 'missing no_evidence'],
  ['service.success_ratio', 'nothing is known', { up: 0 }, 'missing no_evidence'],
  ['service.success_ratio', 'nobody looks', { kind: 'tcp' }, 'missing no_check'],
  [
    'service.success_ratio',
    'not for the public',
    { kind: 'tcp', environment: internal },
    'not_applicable no_public_service',
  ],
  ['service.success_ratio', 'inside, but looked at', { environment: internal }, 'measured 1'],
  [
    'service.response_p95_seconds',
    'of values',
    {
      buckets: [
        [0, 19],
        [4, 1],
      ],
    },
    `measured ${2 ** 0.25}`,
  ],
  ['service.response_p95_seconds', 'no values', {}, 'missing no_evidence'],
  ['service.response_p95_seconds', 'nobody looks', { kind: 'tcp' }, 'missing no_check'],
  ['journey.completion_ratio', 'walked', { kind: 'journey', up: 54, down: 18 }, 'measured 0.75'],
  ['journey.completion_ratio', 'nobody walks', {}, 'missing no_check'],
  [
    'journey.completion_ratio',
    'inside',
    { environment: internal },
    'not_applicable no_public_service',
  ],
  [
    'link.loss_p95_ratio',
    'of values',
    { kind: 'link', buckets: [[-8, 20]] },
    `measured ${2 ** -1.75}`,
  ],
  ['link.loss_p95_ratio', 'nobody looks', {}, 'missing no_check'],
  ['link.round_trip_p95_seconds', 'no values', { kind: 'link' }, 'missing no_evidence'],
  ['coverage.ratio', 'half of it', { up: 30, down: 6 }, 'measured 0.5'],
  ['coverage.ratio', 'in scope since today', { scopeFrom: from + 3 * dayMs }, 'missing too_early'],
  ['outage.p90_over_rto_ratio', 'nothing was promised', {}, 'missing no_rto'],
  ['outage.p90_over_rto_ratio', 'no outage', { environment: promised }, 'measured 0'],
  [
    'outage.p90_over_rto_ratio',
    'twice as long',
    { up: 60, down: 8, environment: promised },
    'measured 2',
  ],
  [
    'outage.p90_over_rto_ratio',
    'none was seen, because nobody looked',
    { up: 47, environment: promised },
    'missing no_evidence',
  ],
  [
    'outage.p90_over_rto_ratio',
    'in scope since today',
    { environment: promised, scopeFrom: from + 3 * dayMs },
    'missing too_early',
  ],
])('%s, %s', async (metric, _name, seen, expected) => {
  const { status, value, reason } = (await read(seen)).measures[metric]
  expect(`${status} ${value ?? reason}`).toBe(expected)
})

test('of checks that play a role the time is told, whatever their kind', async () => {
  const { roles } = await read({ kind: 'tcp', up: 60, down: 6, roleChecks: ['a/web'] })
  expect(roles.get('a/web')).toEqual({
    goodMs: 60 * hourMs,
    knownMs: 66 * hourMs,
    allMs: 72 * hourMs,
  })
})

const link = { class: 'link' } as const

test.each<[string, Seen, boolean | null | undefined]>([
  ['none', {}, undefined],
  ['a link that is up', { kind: 'link' }, true],
  ['one that is down', { kind: 'link', up: 0, down: 72 }, false],
  ['one that nobody sees', { kind: 'link', up: 0 }, null],
  ['an environment that is a link', { kind: 'icmp', environment: link }, true],
  ['one that is down as a whole', { kind: 'icmp', up: 0, down: 72, environment: link }, false],
])('a link: %s', async (_name, seen, expected) => {
  const { up = 72, down = 0 } = seen
  const span = { from: from + 71 * hourMs, to: from + 72 * hourMs }
  const state = up === 72 ? 'up' : 'down'
  const known = up + down === 0 ? [] : [{ ...span, state: state as ObservedState }]
  const timelines = async () => new Map([[1, known]])
  expect(await linkState({ timelines }, source(seen), span)).toBe(expected)
})
