import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readPolicy } from '../../../collector/register/policy.ts'
import { Settings } from '../../../collector/register/policy-schema.ts'
import { DocumentError } from '../../../protocol/document.ts'
import { defaultSettings } from '../../support/default-settings.ts'
import { policyWithHosting, sampleHosting } from '../../support/sample-workloads.ts'

const example = readFileSync('deploy/examples/policy.yaml', 'utf8')
const today = Date.UTC(2026, 9, 1)

function problemsOf(text: string, effectiveFrom = today): string[] {
  try {
    readPolicy(text, 'policy.yaml', effectiveFrom)
  } catch (error) {
    if (error instanceof DocumentError) return error.message.split('\n')
    throw error
  }
  return []
}

test('the example holds the defaults of the methodology', () => {
  const settings = readPolicy(example, 'policy.yaml', today)
  const values = Object.entries(settings).map(([name, { value }]) => [name, value])
  expect(Object.fromEntries(values)).toEqual(defaultSettings)
})

test.each(Settings.required)('a file without %s is refused', (name) => {
  const without = example.replace(new RegExp(`^ {2}${name}:\n(?: {4}.*\n)+`, 'm'), '')
  expect(problemsOf(without)).toEqual([`policy.yaml:6: settings: missing "${name}"`])
})

test.each([
  ['ratio as percent', 'value: 0.95', 'value: 95', 24, 'continuityTargetRatio.value: must be a n'],
  ['zone', 'Asia/Muscat', 'Muscat', 9, 'timezone.value: must be an IANA time zone such as Asia/M'],
  ['month', 'april: 10', 'april: 13', 13, 'cycleMonths.value.april: must be a whole number from 1'],
  ['same months', 'october: 4', 'october: 10', 13, 'cycleMonths.value.october: must differ from'],
  [
    'weight',
    'critical: 4',
    'critical: 0',
    33,
    'criticalityWeights.value.critical: must be a whole',
  ],
  ['kind', '[[link', '[[ping', 74, 'minimumProfile.value.link[0][0]: must be one of host, http,'],
  ['aggregation', 'pooled', 'median', 37, 'nationalAggregation.value: must be one of pooled, mean'],
  ['no date', 'since: 2026-01-01', 'since: soon', 10, 'timezone.since: must be a day such as 2026'],
  ['no such day', '2026-01-01', '2026-02-30', 10, 'timezone.since: there is no day 2026-02-30'],
  ['later', '2026-01-01', '2026-10-02', 10, 'timezone.since: must not be later than the day on w'],
  ['not signed', /approvedBy: .*/, 'approvedBy: ""', 11, 'timezone.approvedBy: must not be empty'],
  ['unknown', 'note: ', 'notes: ', 16, 'cycleMonths.notes: unknown setting "notes"; allowed: val'],
])('%s', (_name, from, to, line, expected) => {
  expect(problemsOf(example.replace(from, to))).toEqual([
    expect.stringContaining(`policy.yaml:${line}: settings.${expected}`),
  ])
})

test('the day of a decision begins at midnight of its time zone', () => {
  const file = example.replace('2026-01-01', '2026-10-02')
  const midnight = Date.parse('2026-10-02T00:00:00+04:00')
  expect(problemsOf(file, midnight)).toEqual([])
  expect(problemsOf(file, midnight - 1)).toHaveLength(1)
})

const decided = policyWithHosting()

test('what the example says of hosting is accepted once it is decided', () => {
  expect(problemsOf(decided)).toEqual([])
  expect(readPolicy(example, 'policy.yaml', today)).not.toHaveProperty('hosting')
  // Own premises of an approved provider may tell of no cloud.
  expect(problemsOf(decided.replace('[openstack]', '[]'))).toEqual([])
  const { hosting } = readPolicy(decided, 'policy.yaml', today)
  expect(hosting?.value).toEqual(sampleHosting)
})

test.each<[string, string | RegExp, string, string[]]>([
  [
    'no such day',
    'circularDate: 2026-01-01',
    'circularDate: 2026-02-30',
    ['circularDate: there i'],
  ],
  [
    'no day',
    'circularDate: 2026-01-01',
    'circularDate: soon',
    ['circularDate: must be a day such'],
  ],
  [
    'no class',
    /dataClasses:[\s\S]*?providers:/,
    'dataClasses: []\n      providers:',
    ['dataClasses: '],
  ],
  ['a class twice', 'id: restricted', 'id: open', ['dataClasses[1].id: is there twice']],
  ['no country', '[OM]', '[QQ]', ['dataClasses[1].countries[0]: is no country of ISO 3166-1']],
  [
    'a country in words',
    '[OM]',
    '[Oman]',
    ['dataClasses[1].countries[0]: must be two capital letters'],
  ],
  ['a provider twice', 'id: public-cloud', 'id: government-cloud', ['providers[1].id: is there']],
  ['no cloud at all', '[azure]', '[]', ['providers[1].clouds: must name a cloud or a virtualis']],
  ['`none`', '[azure]', '[azure, none]', ['providers[1].clouds: must not hold `none`']],
  ['a region nowhere', 'country: AE', 'country: ZZ', ['providers[1].regions[0].country: is no c']],
  [
    'a region twice',
    ', country: AE }',
    ', country: AE }, { id: uaenorth, country: OM }',
    ['providers[1].regions[1].id: is there twice'],
  ],
  ['several at once', /OM/g, 'ZZ', ['dataClasses[1].countries[0]', 'providers[0].regions[0].cou']],
])('hosting: %s', (_name, from, to, expected) => {
  expect(problemsOf(decided.replace(from, to))).toEqual(
    expected.map((each) => expect.stringContaining(`settings.hosting.value.${each}`)),
  )
})
