import { expect, test } from 'vitest'
import {
  type FindingAgent,
  type FindingCheck,
  type FindingDeclaration,
  type FindingEnvironment,
  findingsOf,
} from '../../../../collector/kpi/readiness/findings.ts'
import type { Measure } from '../../../../collector/kpi/readiness/inputs.ts'
import { findingKinds } from '../../../../collector/kpi/readiness/result.ts'

const now = 10_000

function inCloud(value: boolean, status: Measure['status'] = 'measured'): Measure {
  return { status, value, at: 900, reason: null, method: 'dmi', detail: 'bare metal' }
}

const host: FindingAgent = {
  name: 'web1',
  version: '1.2.0',
  status: 'active',
  lastReportAt: 9_000,
  silent: false,
  enrolledAt: 100,
  isSupported: true,
  inCloud: inCloud(true),
  inCloudSince: null,
}

const environment: FindingEnvironment = {
  id: 'portal',
  isInScope: true,
  scopeSince: 50,
  hosting: { kind: 'cloud', since: 60 },
  agents: [host],
  checks: [],
}

const agents = (...given: Partial<FindingAgent>[]) => ({
  agents: given.map((each) => ({ ...host, ...each })),
})
const failed: FindingCheck = { check: 'web1/site', declared: false, state: 'down', through: 5_000 }
const checks = (given: Partial<FindingCheck>) => ({ checks: [{ ...failed, ...given }] })
const silent = { silent: true, lastReportAt: 800 }

/** Kind, place, subject, since and detail of each finding, in one line each. */
function told(
  places: readonly Partial<FindingEnvironment>[],
  declarations: readonly FindingDeclaration[] = [],
): string[] {
  const environments = places.map((each) => ({ ...environment, ...each }))
  const found = findingsOf({ at: now, from: 1_000, environments, declarations })
  return found.map((each) =>
    [
      ...[each.kind, each.environment, each.subject, each.since, each.detail],
      ...(each.mayBeEarlier ? ['or earlier'] : []),
    ].join(' '),
  )
}

test.each<[string, Partial<FindingEnvironment>, string[]]>([
  ['nothing where word and evidence agree', {}, []],
  [
    'a host on premises of an environment declared as cloud, since both were said',
    agents({ inCloud: inCloud(false) }),
    ['declared_cloud_measured_on_premises portal web1 900 bare metal'],
  ],
  [
    'the same since the first reading in a row',
    agents({ inCloud: inCloud(false), inCloudSince: { since: 300, mayBeEarlier: true } }),
    ['declared_cloud_measured_on_premises portal web1 300 bare metal or earlier'],
  ],
  [
    'the same since the register said cloud, where that is later',
    {
      ...agents({ inCloud: inCloud(false), inCloudSince: { since: 300, mayBeEarlier: true } }),
      hosting: { kind: 'cloud', since: 400 },
    },
    ['declared_cloud_measured_on_premises portal web1 400 bare metal'],
  ],
  ['nothing of a reading that is stale', agents({ inCloud: inCloud(false, 'stale') }), []],
  ['nothing of a host that told nothing', agents({ inCloud: null }), []],
  [
    'nothing where the register says on premises',
    { ...agents({ inCloud: inCloud(false) }), hosting: { kind: 'on_premises', since: 60 } },
    [],
  ],
  ['nothing where it says nothing', { ...agents({ inCloud: inCloud(false) }), hosting: null }, []],
  [
    'a host that reports for an environment that left the register',
    { isInScope: false, scopeSince: 700 },
    ['host_not_registered portal web1 700 '],
  ],
  [
    'a host that came after it left',
    { isInScope: false, scopeSince: 70 },
    ['host_not_registered portal web1 100 '],
  ],
  [
    'a host for an environment that never was in the register',
    { isInScope: false, scopeSince: null },
    ['host_not_registered portal web1 100 '],
  ],
  ['nothing of a host that fell silent', { isInScope: false, ...agents(silent) }, []],
  [
    'an agent that waits to be let in, beside one that is heard',
    agents({}, { name: 'db1', status: 'pending', enrolledAt: 500, ...silent }),
    ['host_not_registered portal db1 500 '],
  ],
  ['an environment without an agent', agents(), ['environment_without_agent portal  50 ']],
  [
    'an environment of which all agents are silent, since the last was heard',
    agents(silent, { name: 'web2', silent: true, lastReportAt: 850 }),
    ['environment_without_agent portal  850 '],
  ],
  [
    'an environment whose only agent was revoked',
    agents({ status: 'revoked' }),
    ['environment_without_agent portal  9000 '],
  ],
  ['nothing of one silent agent beside one that is heard', agents(silent, { name: 'web2' }), []],
  [
    'a check removed while down',
    checks({}),
    ['check_removed_while_failing portal web1/site 5000 down'],
  ],
  [
    'a check removed while degraded',
    checks({ state: 'degraded' }),
    ['check_removed_while_failing portal web1/site 5000 degraded'],
  ],
  ['nothing of a check removed while up', checks({ state: 'up' }), []],
  ['nothing of a check that is down and declared', checks({ declared: true }), []],
  ['nothing of a check removed before the cycle', checks({ through: 999 }), []],
  ['nothing of a check never seen', checks({ state: null, through: null }), []],
  [
    'an agent of a version that is not supported',
    agents({ isSupported: false }),
    ['agent_version_unsupported portal web1  1.2.0'],
  ],
  ['nothing of an agent of no known version', agents({ isSupported: null, version: null }), []],
])('findings: %s', (_name, place, expected) => {
  expect(told([place])).toEqual(expected)
})

test('a declaration is told of from the instant it expires', () => {
  const declared = { about: 'operations.trained_staff', environment: null }
  const expiring = (expiresAt: number) => [{ ...declared, expiresAt }]
  expect(told([], expiring(now + 1))).toEqual([])
  expect(told([], expiring(now))).toEqual([`declaration_expired  operations.trained_staff ${now} `])
})

test('all kinds come in their order, then by place, whatever the order of what was given', () => {
  const places: Partial<FindingEnvironment>[] = [
    { id: 'zeta', ...agents({ inCloud: inCloud(false), isSupported: false }) },
    { id: 'beta', ...agents(), ...checks({}) },
    { id: 'alpha', isInScope: false },
    { id: 'gamma', ...agents({ name: 'b', inCloud: inCloud(false) }, { name: 'a' }) },
  ]
  const expired = [{ about: 'E7', environment: null, expiresAt: 1 }]
  const expected = told(places, expired)
  expect(new Set(expected.map((line) => line.split(' ')[0]))).toEqual(new Set(findingKinds))
  expect(expected.map((line) => findingKinds.findIndex((kind) => line.startsWith(kind)))).toEqual([
    0, 0, 1, 2, 3, 4, 5,
  ])
  expect(expected[0]).toContain('gamma')
  expect(told(places.toReversed(), expired)).toEqual(expected)
})
