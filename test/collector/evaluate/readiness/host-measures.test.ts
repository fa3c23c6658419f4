import { expect, test } from 'vitest'
import { hostMeasures, staleFrom } from '../../../../collector/evaluate/readiness/host-measures.ts'
import {
  type MetricName,
  metricNames,
  metricOf,
} from '../../../../collector/kpi/readiness/metrics.ts'
import { indicators, missingReasons } from '../../../../protocol/indicators.ts'
import { dayMs } from '../../../../protocol/time.ts'
import { factRows, type Told } from '../../../support/facts.ts'

const at = Date.parse('2026-11-20T08:00:00Z')
const rules = { staleBefore: at - 7 * dayMs, engine: '1.4.0', isAgreed: () => false }

/** The measure of a metric by what was told, short: its status and its value or reason. */
function check(metric: MetricName, told: Told, more: Partial<typeof rules> = {}) {
  const measure = hostMeasures(factRows(told, at), { ...rules, ...more })[metric]!
  const isKnown = measure.status === 'measured' || measure.status === 'stale'
  return `${measure.status} ${isKnown ? measure.value : measure.reason}`
}

test.each<[MetricName, Told, string]>([
  ['firewall.on', { 'firewall.on': true }, 'measured true'],
  ['firewall.on', { 'firewall.on': 1 }, 'missing unreadable'],
  ['firewall.on', { 'firewall.on': { missing: 'no_permission' } }, 'missing no_permission'],
  ['firewall.on', {}, 'missing no_evidence'],
  ['disk.free_ratio', { 'disk.free_ratio': 0.4 }, 'measured 0.4'],
  ['disk.free_ratio', { 'disk.free_ratio': 1.4 }, 'missing unreadable'],
  ['tls.days_left', { 'tls.days_left': { missing: 'no_check' } }, 'missing no_check'],
  // What the machine itself shows needs nobody's word.
  [
    'disk.healthy',
    { 'disk.healthy': { missing: 'virtual_machine' } },
    'not_applicable virtual_machine',
  ],
  [
    'ups.runtime_minutes',
    { 'ups.runtime_minutes': { missing: 'in_cloud' } },
    'not_applicable in_cloud',
  ],
  ['disk.healthy', { 'disk.healthy': { missing: 'no_such_hardware' } }, 'missing no_such_hardware'],
  ['endpoint_protection.current', { 'endpoint_protection.on': false }, 'measured false'],
  ['endpoint_protection.current', { 'endpoint_protection.on': true }, 'missing no_evidence'],
  [
    'endpoint_protection.current',
    { 'endpoint_protection.on': true, 'endpoint_protection.signatures_age_days': 7 },
    'measured true',
  ],
  [
    'endpoint_protection.current',
    { 'endpoint_protection.on': true, 'endpoint_protection.signatures_age_days': 7.5 },
    'measured false',
  ],
  [
    'endpoint_protection.current',
    {
      'endpoint_protection.on': true,
      'endpoint_protection.signatures_age_days': { missing: 'unreadable' },
    },
    'missing unreadable',
  ],
  [
    'hardening.applied_ratio',
    {
      'hardening.access_control': true,
      'hardening.secure_boot': false,
      'hardening.disk_encrypted': { missing: 'virtual_machine' },
    },
    'measured 0.5',
  ],
  [
    'hardening.applied_ratio',
    { 'hardening.access_control': true, 'hardening.secure_boot': true },
    'missing no_evidence',
  ],
  [
    'hardening.applied_ratio',
    {
      'hardening.access_control': true,
      'hardening.secure_boot': { missing: 'no_permission' },
      'hardening.disk_encrypted': true,
    },
    'missing no_permission',
  ],
  [
    'dns.secured_ratio',
    { 'dns.dnssec_signed_ratio': 1, 'dns.dmarc_enforced_ratio': 0.5 },
    'measured 0.75',
  ],
  [
    'dns.secured_ratio',
    {
      'dns.dnssec_signed_ratio': { missing: 'no_public_service' },
      'dns.dmarc_enforced_ratio': { missing: 'no_public_service' },
    },
    'missing no_public_service',
  ],
  [
    'automation.current_ratio',
    { 'automation.managed': true, 'agent.version': '1.2.9' },
    'measured 1',
  ],
  [
    'automation.current_ratio',
    { 'automation.managed': true, 'agent.version': '1.1.0' },
    'measured 0.5',
  ],
  [
    'automation.current_ratio',
    { 'automation.managed': false, 'agent.version': '1.4.0' },
    'measured 0.5',
  ],
  ['automation.current_ratio', { 'automation.managed': true }, 'missing no_evidence'],
  [
    'automation.current_ratio',
    { 'automation.managed': { missing: 'timed_out' }, 'agent.version': '1.4.0' },
    'missing timed_out',
  ],
  ['platform.in_cloud', { 'platform.cloud': 'none' }, 'measured false'],
  ['platform.in_cloud', { 'platform.cloud': 'gov-cloud' }, 'measured true'],
  ['platform.in_cloud', { 'platform.cloud': { missing: 'not_known' } }, 'missing not_known'],
])('%s by %j: %s', (metric, told, expected) => {
  expect(check(metric, told)).toBe(expected)
})

test.each(Object.keys(missingReasons))('the reason %s is passed on', (reason) => {
  const proven = reason === 'virtual_machine' || reason === 'in_cloud'
  const status = proven ? 'not_applicable' : 'missing'
  expect(check('firewall.on', { 'firewall.on': { missing: reason } })).toBe(`${status} ${reason}`)
})

test('what two agree on does not apply, as long as the agent says so', () => {
  const isAgreed = () => true
  const told = { 'tls.days_left': { missing: 'no_check' } }
  expect(check('tls.days_left', told, { isAgreed })).toBe('not_applicable no_check')
  const forgotten = { isAgreed, staleBefore: at + 1 }
  expect(check('tls.days_left', told, forgotten)).toBe('missing no_check')
  expect(check('tls.days_left', { 'tls.days_left': 3 }, { isAgreed })).toBe('measured 3')
})

test('a fact is stale once it is older than allowed, and so is what rests on it', () => {
  const told: Told = {
    'firewall.on': true,
    'endpoint_protection.on': { value: true, ageMs: dayMs },
    'endpoint_protection.signatures_age_days': 1,
  }
  expect(check('firewall.on', told, { staleBefore: at })).toBe('measured true')
  expect(check('firewall.on', told, { staleBefore: at + 1 })).toBe('stale true')
  expect(check('endpoint_protection.current', told, { staleBefore: at })).toBe('stale true')
  expect(staleFrom(factRows(told, at), rules, 7 * dayMs)).toBe(at + 6 * dayMs)
})

test('a measure says when, how and by what it was had', () => {
  const facts = factRows(
    {
      'os.support_left_days': { value: 90, method: 'os-release', detail: 'Debian 12' },
      'dns.dnssec_signed_ratio': { value: 1, detail: 'gov.example' },
      'dns.dmarc_enforced_ratio': { value: 0, detail: 'gov.example', ageMs: dayMs },
    },
    at,
  )
  const { 'os.support_left_days': support, 'dns.secured_ratio': dns } = hostMeasures(facts, rules)
  expect(support).toEqual({
    ...{ status: 'measured', value: 90, at, reason: null },
    ...{ method: 'os-release', detail: 'Debian 12' },
  })
  expect(dns).toEqual({
    ...{ status: 'measured', value: 0.5, at: at - dayMs, reason: null },
    ...{ method: 'derived', detail: 'gov.example' },
  })
})

test('every host metric has a measure, and each that is measured is an indicator of agents', () => {
  const ofHosts = metricNames.filter((metric) => metricOf(metric).scope === 'host')
  expect(Object.keys(hostMeasures(new Map(), rules))).toEqual(ofHosts)
  const measured = ofHosts.filter((metric) => metricOf(metric).source === 'measured')
  expect(measured.filter((metric) => !(metric in indicators))).toEqual([])
})
