import { describe, expect, test } from 'vitest'
import { dnsFactWith, isEnforced } from '../../../agent/facts/dns.ts'
import { configOf, type GivenCheck } from '../../support/checks.ts'
import { readFact } from '../../support/read-fact.ts'
import { type NameRecords, zoneServer } from '../../support/zone-server.ts'

const web = { addresses: ['82.178.1.1'] }
const portal = ['http', { url: 'https://portal.example.om/' }] as const
const reject = { texts: ['v=DMARC1; p=reject; rua=mailto:a@example.om'] }
const names: Record<string, NameRecords> = {
  om: { zone: true, signed: true },
  'example.om': { zone: true },
  'portal.example.om': web,
}

async function read(known: Record<string, NameRecords>, ...checks: GivenCheck[]) {
  const config = configOf(...(checks.length > 0 ? checks : [portal]))
  const told = await readFact(dnsFactWith([await zoneServer(known)]), { config })
  return { dnssec: told['dns.dnssec_signed_ratio'], dmarc: told['dns.dmarc_enforced_ratio'] }
}

describe('dns', () => {
  test.each<[string, Record<string, NameRecords>, object, object]>([
    [
      'a zone without anything',
      {},
      { value: 0, method: 'ds', detail: '0 of 1 zone' },
      { value: 0, method: 'dmarc' },
    ],
    ['a signed zone', { 'example.om': { zone: true, signed: true } }, { value: 1 }, { value: 0 }],
    ['a policy of its own', { '_dmarc.example.om': reject }, { value: 0 }, { value: 1 }],
    [
      'a policy that only watches',
      { '_dmarc.example.om': { texts: ['v=DMARC1; p=none'] } },
      {},
      { value: 0 },
    ],
    [
      'two policies are none',
      { '_dmarc.example.om': { texts: [...reject.texts, 'v=DMARC1; p=none'] } },
      {},
      { value: 0 },
    ],
    [
      'other texts beside it',
      { '_dmarc.example.om': { texts: ['hello', ...reject.texts] } },
      {},
      { value: 1 },
    ],
    [
      'a policy from above',
      { 'portal.example.om': { ...web, zone: true }, '_dmarc.example.om': reject },
      { value: 0 },
      { value: 1 },
    ],
    [
      'a zone that cannot be told',
      { 'example.om': { failing: true } },
      { missing: 'no_network' },
      { missing: 'no_network' },
    ],
    [
      'a key that cannot be told of',
      { 'example.om': { zone: true, signed: 'failing' } },
      { missing: 'no_network' },
      { value: 0 },
    ],
    [
      'a zone in between that cannot be told',
      {
        'portal.example.om': { addresses: [] },
        'a.b.example.om': web,
        'b.example.om': { failing: true },
      },
      { missing: 'no_network' },
      { missing: 'no_network' },
    ],
    [
      'a policy from above that spares what is below',
      {
        'portal.example.om': { ...web, zone: true },
        '_dmarc.example.om': { texts: ['v=DMARC1; p=reject; sp=none'] },
      },
      {},
      { value: 0 },
    ],
    [
      'a policy that cannot be told',
      { '_dmarc.example.om': { failing: true } },
      { value: 0 },
      { missing: 'no_network' },
    ],
    [
      'a private address',
      { 'portal.example.om': { addresses: ['10.0.0.5'] } },
      { missing: 'no_public_service' },
      { missing: 'no_public_service' },
    ],
    [
      'a name that is gone',
      { 'portal.example.om': { addresses: [] } },
      { missing: 'no_public_service' },
      { value: null },
    ],
    [
      'a name server that fails',
      { 'portal.example.om': { failing: true } },
      { missing: 'no_network' },
      { missing: 'no_network' },
    ],
  ])('%s', async (_name, changes, dnssec, dmarc) => {
    const told = await read({ ...names, ...changes }, portal, ['dns', { lookup: 'a.b.example.om' }])
    expect(told.dnssec).toMatchObject(dnssec)
    expect(told.dmarc).toMatchObject(dmarc)
  })

  test('each zone counts once, and only public ones', async () => {
    const known = {
      ...names,
      'www.example.om': web,
      'other.om': { ...web, zone: true, signed: true },
      'intranet.example.om': { addresses: ['10.0.0.9'], zone: true },
    }
    const checks = [
      ['http', { url: 'https://www.example.om/' }],
      ['tls', { host: 'intranet.example.om', port: 443 }],
      ['dns', { lookup: 'other.om' }],
      ['dns', { lookup: 'localhost' }],
    ] satisfies GivenCheck[]
    const { dnssec } = await read(known, portal, ...checks)
    expect(dnssec).toMatchObject({ value: 0.5, detail: '1 of 2 zones' })
  })

  test('without a check of a name there is nothing public', async () => {
    const { dnssec } = await read({}, ['tcp', { host: '127.0.0.1', port: 5432 }])
    expect(dnssec).toMatchObject({ missing: 'no_public_service' })
  })
})

test.each<[string, boolean, boolean]>([
  ['v=DMARC1; p=reject', false, true],
  ['v=DMARC1;p=QUARANTINE', false, true],
  ['v=DMARC1; p=none; sp=reject', true, true],
  ['v=DMARC1; p=reject; sp=none', true, false],
  ['v=DMARC1; p=reject; sp=none', false, true],
  ['v=DMARC1; p=reject; t=y', false, false],
  ['v=DMARC1; p=reject; pct=0', false, false],
  ['v=DMARC1', false, false],
])('%s (inherited: %s) is enforced: %s', (policy, isInherited, expected) => {
  expect(isEnforced(policy, isInherited)).toBe(expected)
})
