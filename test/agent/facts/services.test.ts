import { expect, test } from 'vitest'
import { isPublicAddress, mayBePublic, namesOf, servicesOf } from '../../../agent/facts/services.ts'
import { checksOf } from '../../support/checks.ts'

test('services are what http, tls and tcp checks connect to, each once', () => {
  const checks = checksOf(
    ['http', { url: 'https://Portal.Example.om/page' }],
    ['http', { url: 'https://portal.example.om/other' }],
    ['http', { url: 'http://portal.example.om:8080/', address: '10.0.0.5' }],
    ['http', { url: 'https://[2001:db8::1]/' }],
    ['http', { url: 'https://بوابة.om/' }],
    ['tls', { host: '10.0.0.7', port: 636, serverName: 'ldap.example.om' }],
    ['tcp', { host: 'mail.example.om', port: 25 }],
    ['dns', { lookup: 'example.om', record: 'MX' }],
    ['disk', { path: '/' }],
  )
  expect(servicesOf(checks)).toEqual([
    { host: 'portal.example.om', name: 'portal.example.om', port: 443, secure: true },
    { host: '10.0.0.5', name: 'portal.example.om', port: 8080, secure: false },
    { host: '2001:db8::1', name: '2001:db8::1', port: 443, secure: true },
    { host: 'xn--mgbbbe6m.om', name: 'xn--mgbbbe6m.om', port: 443, secure: true },
    { host: '10.0.0.7', name: 'ldap.example.om', port: 636, secure: true },
    { host: 'mail.example.om', name: 'mail.example.om', port: 25, secure: false },
  ])
  expect(namesOf(checks)).toEqual([
    ...['portal.example.om', 'xn--mgbbbe6m.om', 'ldap.example.om', 'mail.example.om'],
    'example.om',
  ])
})

test.each<[string, boolean]>([
  ['portal.example.om', true],
  ['portal.example.om.', true],
  ['localhost', false],
  ['db', false],
  ['db.local', false],
  ['web.ministry.internal', false],
  ['1.0.0.127.in-addr.arpa', false],
  ['203.0.113.7', false],
  ['2001:db8::1', false],
])('%s may be a public name: %s', (name, expected) => {
  expect(mayBePublic(name)).toBe(expected)
})

test.each<[string, boolean]>([
  ['82.178.1.1', true],
  ['10.1.2.3', false],
  ['172.31.0.1', false],
  ['172.32.0.1', true],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['192.168.1.1', false],
  ['239.1.1.1', false],
  ['2a00:1450::1', true],
  ['::1', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['::ffff:10.0.0.1', false],
  ['2001:db8::1', false],
])('%s is a public address: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected)
})
