import { expect, test } from 'vitest'
import { adviceFor } from '../../../../collector/kpi/readiness/advice.ts'
import { fewest } from '../../../../collector/kpi/readiness/fewest.ts'
import type { ReadinessInputs } from '../../../../collector/kpi/readiness/inputs.ts'
import type { Model } from '../../../../collector/kpi/readiness/model.ts'
import type { AdviceStep } from '../../../../collector/kpi/readiness/result.ts'
import { environment, measure, readinessInputs } from '../../../support/readiness-inputs.ts'
import { bool, dimension, gate, lin, readinessModel } from '../../../support/readiness-model.ts'

const support = ['os.support_left_days', 50, lin(0, 100)] as const
const firewall = ['firewall.on', 50, bool] as const
const staff = ['operations.trained_staff', 40, bool] as const
const model = readinessModel([
  dimension('d1', 60, [support, firewall]),
  dimension('d8', 40, [staff, ['register.match_ratio', 60, lin(0, 1)]]),
])
const good = { 'os.support_left_days': 100, 'firewall.on': true }
const ready = { 'operations.trained_staff': true, 'register.match_ratio': 1 }
const one = (host: typeof good | object, own: object = ready, weight = 4) =>
  readinessInputs([environment('a', { weight, hosts: [host] })], own)

/** Where, what, for how much and to where; `!` lifts a gate. */
function told({ kind, indicator, environment: place, host, ...step }: AdviceStep): string {
  const where = [place, host].filter((each) => each !== null).join('/')
  const gain = `+${step.gainPoints} to ${step.lowAfter.percent}${step.liftsGate ? '!' : ''}`
  return [kind, indicator, where, gain].filter((each) => each !== '').join(' ')
}

test.each<[string, ReadinessInputs, string[]]>([
  ['nothing where all is at its best', one(good), []],
  [
    'what is measured is fixed, for what is missing to its best score',
    one({ ...good, 'os.support_left_days': 25 }),
    ['fix d1.os_support_left_days a/a-agent-0 +22.5 to 100.00'],
  ],
  [
    'what no agent told is measured first',
    one({ 'os.support_left_days': 100 }),
    ['measure d1.firewall_on a/a-agent-0 +30 to 100.00'],
  ],
  [
    'what is too old is measured again',
    one({ ...good, 'firewall.on': measure(true, 'stale') }),
    ['measure d1.firewall_on a/a-agent-0 +30 to 100.00'],
  ],
  [
    'what only people know is declared',
    one(good, { 'register.match_ratio': 1 }),
    ['declare d8.operations_trained_staff +16 to 100.00'],
  ],
  [
    'what is declared waits for its review',
    one(good, { ...ready, 'operations.trained_staff': measure(true, 'declared_unverified') }),
    ['review d8.operations_trained_staff +16 to 100.00'],
  ],
  [
    'a claim that is worth nothing is no matter of review',
    one(good, { ...ready, 'operations.trained_staff': measure(false, 'declared_unverified') }),
    ['declare d8.operations_trained_staff +16 to 100.00'],
  ],
  [
    'a claim that is worth something is reviewed, or bettered',
    one(good, { ...ready, 'register.match_ratio': measure(0.25, 'declared_unverified') }),
    ['declare d8.register_match_ratio +24 to 100.00', 'review d8.register_match_ratio +6 to 82.00'],
  ],
  [
    'what was reviewed and lacks is declared anew once it is there',
    one(good, { ...ready, 'operations.trained_staff': measure(false, 'declared_verified') }),
    ['declare d8.operations_trained_staff +16 to 100.00'],
  ],
  [
    'the largest gain first, by the weight of its environment',
    readinessInputs(
      [
        environment('a', { weight: 1, hosts: [{ ...good, 'firewall.on': false }] }),
        environment('b', { weight: 2, hosts: [{ ...good, 'firewall.on': false }] }),
      ],
      ready,
    ),
    ['fix d1.firewall_on b/b-agent-0 +20 to 90.00', 'fix d1.firewall_on a/a-agent-0 +10 to 80.00'],
  ],
  [
    'an environment without an agent gets one',
    readinessInputs([environment('a', { hosts: [good] }), environment('b', {})], ready),
    ['measure d1.os_support_left_days b +15 to 85.00', 'measure d1.firewall_on b +15 to 85.00'],
  ],
])('advice: %s', (_name, inputs, steps) => {
  expect(adviceFor(inputs, model).steps.map(told)).toEqual(steps)
})

test('an environment moves to a cloud as a whole: one step for all its hosts', () => {
  const cloud = readinessModel([
    dimension('d1', 60, [support, firewall]),
    dimension('d7', 40, [['platform.in_cloud', 100, bool]]),
  ])
  const hosts = [true, false, false].map((isIn) => ({ ...good, 'platform.in_cloud': isIn }))
  const { steps } = adviceFor(readinessInputs([environment('a', { hosts })]), cloud)
  expect(steps.map(told)).toEqual(['fix d7.platform_in_cloud a +40 to 100.00'])
})

type Next = { level: string; low: string; isReachable: boolean; steps: string[] } | null

function nextOf(inputs: ReadinessInputs, by: Model): Next {
  const { next } = adviceFor(inputs, by)
  if (!next) return null
  const { level, lowAfter, isReachable, steps } = next
  return { level, low: lowAfter.percent, isReachable, steps: steps.map(told) }
}

const gated = readinessModel([
  dimension('d1', 60, [
    ['os.support_left_days', 50, lin(0, 100), { gate: gate('<', 10) }],
    firewall,
  ]),
  dimension('d8', 40, [staff, ['register.match_ratio', 60, lin(0, 1)]]),
])

test.each<[string, ReadinessInputs, Model, Next]>([
  ['nothing is above the highest level', one(good), gated, null],
  [
    'a gate alone holds the level: lifting it is the whole path',
    one({ ...good, 'os.support_left_days': 9.99 }, { 'register.match_ratio': 0.5 }),
    gated,
    {
      level: 'average',
      low: '72.00',
      isReachable: true,
      steps: ['fix d1.os_support_left_days a/a-agent-0 +27.003 to 72.00!'],
    },
  ],
  [
    'a gate holds although the index would do: T14',
    one({ 'firewall.on': true }, ready),
    readinessModel([
      dimension('d1', 60, [
        ['os.support_left_days', 20, lin(0, 100), { gate: gate('<', 10) }],
        ['firewall.on', 80, bool],
      ]),
      dimension('d8', 40, [staff, ['register.match_ratio', 60, lin(0, 1)]]),
    ]),
    {
      level: 'above',
      low: '100.00',
      isReachable: true,
      steps: ['measure d1.os_support_left_days a/a-agent-0 +12 to 100.00!'],
    },
  ],
  [
    'each gate of a path is lifted, and what is missing then is gained by the largest step',
    readinessInputs(
      [environment('a', { hosts: [{ 'firewall.on': false }, { 'firewall.on': false }] })],
      { ...ready, 'register.match_ratio': 0.5 },
    ),
    gated,
    {
      level: 'average',
      low: '58.00',
      isReachable: true,
      steps: [
        'measure d1.os_support_left_days a/a-agent-0 +15 to 43.00!',
        'measure d1.os_support_left_days a/a-agent-1 +15 to 43.00!',
      ],
    },
  ],
  [
    'a gate that caps above the next level does not stand in its way',
    one({}, { 'operations.trained_staff': true }),
    readinessModel([
      dimension('d1', 20, [['os.support_left_days', 100, lin(0, 100), { gate: gate('<', 10) }]]),
      dimension('d2', 40, [['firewall.on', 100, bool]]),
      dimension('d8', 40, [staff, ['register.match_ratio', 60, lin(0, 1)]]),
    ]),
    {
      level: 'below',
      low: '56.00',
      isReachable: true,
      steps: ['measure d2.firewall_on a/a-agent-0 +40 to 56.00'],
    },
  ],
  [
    'no step helps a dimension that is invalid, and the rest is not enough',
    one({ ...good, 'firewall.on': measure(null, 'not_applicable') }, { ...ready }),
    readinessModel([
      dimension('d1', 60, [support, ['firewall.on', 50, bool, { mayNotApply: true }]]),
      dimension('d8', 40, [staff, ['register.match_ratio', 60, lin(0, 1)]]),
    ]),
    { level: 'average', low: '40.00', isReachable: false, steps: [] },
  ],
])('the way up: %s', (_name, inputs, by, next) => {
  expect(nextOf(inputs, by)).toEqual(next)
})

test.each<[string, number[], number[][], number, ReturnType<typeof fewest>]>([
  ['nothing needed', [3], [], 0, { single: 0, joint: [] }],
  ['the largest first', [3, 2, 1], [], 4.5, { single: 2, joint: [] }],
  ['too little in all', [3, 2, 1], [[0, 1]], 8, null],
  ['together, where that takes fewer', [2, 2, 2, 2], [[0, 7]], 7, { single: 0, joint: [2] }],
  ['alone, where together takes more', [4, 4], [[0, 0, 9]], 8, { single: 2, joint: [0] }],
  [
    'the better of two',
    [1],
    [
      [1, 6],
      [0, 8],
    ],
    8,
    { single: 0, joint: [0, 2] },
  ],
  ['some of each', [5, 1], [[0, 4], [3]], 12, { single: 1, joint: [2, 1] }],
])('fewest: %s', (_name, single, joint, need, choice) => {
  expect(fewest(single, joint, need)).toEqual(choice)
})
