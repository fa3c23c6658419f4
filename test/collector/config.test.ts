import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isLoopback, readConfig, settings } from '../../collector/config.ts'
import { temporaryFolder } from '../support/folder.ts'

test('nothing set: this machine only, port 8080, data beside the program', () => {
  expect(readConfig({ PATH: '/usr/bin' })).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    dataDir: './data',
    simulated: false,
    tls: null,
  })
})

function problemsOf(environment: Record<string, string>): string {
  try {
    readConfig(environment)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

test('all problems are named at once, each with what is allowed', () => {
  const message = problemsOf({
    PORT: '99999',
    ISTIMRAR_LOG_LEVEL: 'loud',
    ISTIMRAR_REGISTRY_FILE: 'x',
    ISTIMRAR_SIMULATED: '1',
    ISTIMRAR_TLS_CERT_FILE: '/nowhere/cert.pem',
  })
  for (const part of [
    'PORT: is not a port; it is: port to listen on, 0 to 65535',
    'ISTIMRAR_LOG_LEVEL: must be one of trace',
    'ISTIMRAR_REGISTRY_FILE: there is no such setting; there are: HOST, PORT',
    'ISTIMRAR_SIMULATED: must be one of yes, no',
    'ISTIMRAR_TLS_CERT_FILE: cannot read /nowhere/cert.pem',
  ]) {
    expect(message).toContain(part)
  }
})

test('beyond this machine only behind TLS, and /metrics only with a token', () => {
  const message = problemsOf({ HOST: '0.0.0.0' })
  expect(message).toContain('HOST: 0.0.0.0 is reachable from other machines, so TLS is needed')
  expect(message).toContain('ISTIMRAR_METRICS_TOKEN_FILE: needed')
})

test('a provider people sign in by is named whole, or not at all', () => {
  using folder = temporaryFolder()
  writeFileSync(folder.file('secret'), 'a-secret-of-some-length\n')
  writeFileSync(folder.file('ca.pem'), 'no certificate')
  const whole = {
    ISTIMRAR_OIDC_ISSUER: 'https://id.example/realms/gov',
    ISTIMRAR_OIDC_CLIENT_ID: 'istimrar',
    ISTIMRAR_OIDC_CLIENT_SECRET_FILE: folder.file('secret'),
  }
  expect(readConfig({}).oidc).toBeNull()
  expect(readConfig(whole).oidc).toEqual({
    issuer: 'https://id.example/realms/gov',
    clientId: 'istimrar',
    clientSecret: 'a-secret-of-some-length',
    claim: 'sub',
    ca: null,
  })
  expect(problemsOf({ ISTIMRAR_OIDC_CLAIM: 'email' })).toMatch(
    /ISSUER: needed to sign.*\n.*CLIENT_ID: needed to sign.*\n.*CLIENT_SECRET_FILE: needed to sign/,
  )
  const message = problemsOf({
    ...{ ...whole, ISTIMRAR_OIDC_ISSUER: 'http://id.example', ISTIMRAR_OIDC_CLAIM: 'e mail' },
    ISTIMRAR_OIDC_CA_FILE: folder.file('ca.pem'),
  })
  for (const part of [
    'ISTIMRAR_OIDC_ISSUER: must be https; http only to this very machine',
    'ISTIMRAR_OIDC_CLAIM: is not the name of a claim',
    'ISTIMRAR_OIDC_CA_FILE: must hold certificates, PEM',
  ]) {
    expect(message).toContain(part)
  }
  expect(message).not.toContain('id.example')
})

test('a trusted proxy stands for TLS', () => {
  using folder = temporaryFolder()
  writeFileSync(folder.file('token'), 'a-token-of-some-length\n')
  const config = readConfig({
    HOST: '10.0.0.5',
    ISTIMRAR_TRUSTED_PROXIES: '10.0.0.1, 10.0.0.2',
    ISTIMRAR_METRICS_TOKEN_FILE: folder.file('token'),
  })
  expect(config.trustedProxies).toEqual(['10.0.0.1', '10.0.0.2'])
  expect(config.metricsToken).toBe('a-token-of-some-length')
})

test.each([
  ['one of two TLS files', { ISTIMRAR_TLS_KEY_FILE: import.meta.filename }],
  ['one of register and policy', { ISTIMRAR_REGISTER_FILE: 'register.yaml' }],
])('refused: %s', (_name, environment) => {
  expect(problemsOf(environment)).toContain('go together')
})

test.each([
  ['127.0.0.1', true],
  ['127.9.8.7', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.1', false],
  ['127.example.org', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})

test('every setting is explained', () => {
  for (const text of Object.values(settings)) expect(text.length).toBeGreaterThan(10)
})
