import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { dayMs } from '../../protocol/time.ts'
import { BoardSession } from '../support/board-session.ts'
import { makeCertificate } from '../support/certificates.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startProcess, until } from '../support/processes.ts'

/** What `npm start` runs once everything is installed. */
function start(dataDir: string, port = '0') {
  return startProcess(['deploy/main.ts'], { DATA_DIR: dataDir, PORT: port, HOME: dataDir })
}

/** Waits until the agent is up: before that there is nothing for it to stop cleanly. */
function agentRuns(log: string): Promise<string> {
  const wanted = (text: string) =>
    text.lastIndexOf('The agent runs') > text.lastIndexOf('The agent stopped')
  return until(async () => readFileSync(log, 'utf8'), wanted, 120_000)
}

test('starts, shows the board, stops; the second start goes on where it stopped', async () => {
  using folder = temporaryFolder()
  const identities: string[] = []
  for (const _start of ['first', 'second']) {
    await using running = start(folder.path)
    const [, loginUrl] = await running.line(/Board +(\S+)/)
    const session = await BoardSession.open(loginUrl!)
    expect(await session.page('/en')).toContain('This machine')
    expect(await session.page('/ar')).toContain('dir="rtl"')
    await agentRuns(folder.file('agent.log'))
    expect(await running.stop('SIGINT')).toBe(0)
    identities.push(readFileSync(folder.file('agent/identity.json'), 'utf8'))
    expect(readFileSync(folder.file('agent.log'), 'utf8')).toContain('The agent stopped')
  }
  expect(identities[1]).toBe(identities[0])
})

test('a starter that is killed leaves nothing running', async () => {
  using folder = temporaryFolder()
  await using killed = start(folder.path)
  await killed.line(/Ctrl-C stops both/)
  await agentRuns(folder.file('agent.log'))
  await killed.stop('SIGKILL')
  // The next start gets the data directory and the spool once both others have let go of them.
  const logs = () => readFileSync(folder.file('agent.log'), 'utf8')
  await until(
    async () => logs(),
    (text) => text.includes('The agent stopped'),
    120_000,
  )
  await using next = start(folder.path)
  await next.line(/Ctrl-C stops both/)
  expect(await next.stop('SIGINT')).toBe(0)
})

test('a port that is taken is one clear line and leaves nothing running', async () => {
  using folder = temporaryFolder()
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await using running = start(folder.path, String(port))
  expect(await running.ended()).toBe(2)
  expect(running.output()).toContain(
    `Cannot listen on 127.0.0.1:${port}: the port is taken. Set PORT to another one.`,
  )
  other.close()
})

test('register and policy that are wrong are named line by line, and nothing is made', async () => {
  using folder = temporaryFolder()
  writeFileSync(
    folder.file('register.yaml'),
    `apiVersion: istimrar.register/v1
institutions:
  - { id: A B, kind: ministry, name: { en: X }, environments: [] }
populations: { continuity: [nobody], enabled: [], readiness: [] }
`,
  )
  writeFileSync(folder.file('policy.yaml'), 'apiVersion: istimrar.policy/v1\nsettings: {}\n')
  await using running = startProcess(['collector/main.ts', 'serve'], {
    DATA_DIR: folder.file('data'),
    ISTIMRAR_REGISTER_FILE: folder.file('register.yaml'),
    ISTIMRAR_POLICY_FILE: folder.file('policy.yaml'),
  })
  expect(await running.ended()).toBe(2)
  for (const part of [
    'register.yaml:3: institutions[0].id: must be an id',
    'register.yaml:3: institutions[0].kind: must be one of institution, governorate',
    'register.yaml:3: institutions[0].name: missing "ar"',
    'policy.yaml:2: settings: missing "continuityTargetRatio"',
  ]) {
    expect(running.output()).toContain(part)
  }
  expect(existsSync(folder.file('data'))).toBe(false)
})

test('with a certificate it may be reached from elsewhere, and speaks only TLS', async () => {
  using folder = temporaryFolder()
  const now = Date.now()
  const certificate = { from: now - dayMs, to: now + dayMs }
  const { cert, key } = makeCertificate({ names: ['localhost'], ...certificate })
  writeFileSync(folder.file('cert.pem'), cert)
  writeFileSync(folder.file('key.pem'), key)
  writeFileSync(folder.file('token'), 'a-token-for-prometheus')
  await using running = startProcess(['collector/main.ts'], {
    DATA_DIR: folder.file('data'),
    HOST: '0.0.0.0',
    PORT: '0',
    ISTIMRAR_TLS_CERT_FILE: folder.file('cert.pem'),
    ISTIMRAR_TLS_KEY_FILE: folder.file('key.pem'),
    ISTIMRAR_METRICS_TOKEN_FILE: folder.file('token'),
  })
  const [, port] = await running.line(/Board: https:.*:(\d+)/)
  const answer = (path: string, headers = {}) =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = { host: 'localhost', port, path, headers, ca: cert }
      get(options, ({ statusCode }) => resolve(statusCode)).on('error', reject)
    })
  expect(await answer('/healthz')).toBe(200)
  expect(await answer('/metrics')).toBe(401)
  expect(await answer('/metrics', { authorization: 'Bearer a-token-for-prometheus' })).toBe(200)
  await expect(fetch(`http://localhost:${port}/healthz`)).rejects.toThrow()
  expect(await running.stop()).toBe(0)
})

test('settings that are wrong are all named, and nothing is made', async () => {
  using folder = temporaryFolder()
  await using running = startProcess(['collector/main.ts', 'serve'], {
    DATA_DIR: folder.file('data'),
    PORT: 'eighty',
    ISTIMRAR_LOG_LEVEL: 'loud',
    HOST: '0.0.0.0',
  })
  expect(await running.ended()).toBe(2)
  for (const name of ['PORT', 'ISTIMRAR_LOG_LEVEL', 'HOST', 'ISTIMRAR_METRICS_TOKEN_FILE']) {
    expect(running.output()).toContain(`${name}:`)
  }
  expect(existsSync(folder.file('data'))).toBe(false)
})
