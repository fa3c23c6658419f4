import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InstitutionDetail } from '../../collector/kpi/snapshot.ts'
import { buildAgent } from '../../deploy/build-agent.ts'
import { BoardSession } from '../support/board-session.ts'
import { exampleFiles } from '../support/collector.ts'
import { temporaryFolder } from '../support/folder.ts'
import { noonPolicy } from '../support/noon-policy.ts'
import { type Running, startProcess, until } from '../support/processes.ts'

/**
 * A real collector and a real agent as processes, on real time: the agent watches a service of this
 * test, is killed, comes back; the collector is killed and comes back. The figures must follow.
 */

const folder = temporaryFolder()
const agentFile = folder.file('agent.yaml')
const policyFile = noonPolicy(folder.path, Date.now())
const agentArgs = ['--config', agentFile, '--dir', folder.file('agent')]
let service: Server
let servicePort: number
let collectorPort = 0
let collector: Running
let agent: Running
let session: BoardSession

async function startCollector(): Promise<string> {
  collector = startProcess(['collector/main.ts'], {
    DATA_DIR: folder.file('data'),
    PORT: String(collectorPort),
    ISTIMRAR_REGISTER_FILE: exampleFiles.register,
    ISTIMRAR_POLICY_FILE: policyFile,
    ISTIMRAR_LOG_LEVEL: 'warn',
  })
  const [, loginUrl] = await collector.line(/Board: (\S+)/)
  collectorPort = Number(new URL(loginUrl!).port)
  session = await BoardSession.open(loginUrl!)
  return new URL(loginUrl!).origin
}

const agentProgram = folder.file('program/agent.cjs')

function startAgent(): void {
  agent = startProcess([agentProgram, 'run', ...agentArgs])
}

async function command(...args: string[]): Promise<string> {
  const running = startProcess([agentProgram, ...args])
  const code = await running.ended()
  expect(running.output() && code, running.output()).toBe(0)
  return running.output()
}

function listen(): Promise<unknown> {
  service = createServer((_request, response) => response.end('works'))
  return once(service.listen(servicePort, '127.0.0.1'), 'listening')
}

async function close(): Promise<void> {
  service.closeAllConnections()
  await new Promise((resolve) => service.close(resolve))
}

type Seconds = Record<'eligible' | 'up' | 'down' | 'unknown' | 'centre', number>

async function institution(): Promise<InstitutionDetail> {
  const path = '/api/v1/institutions/local'
  return (await session.json<{ institution: InstitutionDetail }>(path)).institution
}

/** Seconds of the environment's cycle by state. */
async function seconds(): Promise<Seconds> {
  const { sums } = (await institution()).environments[0]!.continuity.cycle
  const of = (ms = 0) => Math.round(ms / 1_000)
  return {
    eligible: of(sums?.eligibleMs),
    up: of(sums?.upMs),
    down: of(sums?.downMs),
    unknown: of(sums?.unknownMs),
    centre: of(sums?.centreMs),
  }
}

async function stateOf(check: string): Promise<string | undefined> {
  const { checks } = (await institution()).environments[0]!
  return checks.find((each) => each.check === `web-1/${check}`)?.state
}

beforeAll(async () => {
  await buildAgent(folder.file('program'))
  servicePort = 0
  await listen()
  servicePort = (service.address() as AddressInfo).port
  const url = await startCollector()
  writeFileSync(
    agentFile,
    `apiVersion: istimrar.agent/v1
collector: ${url}
name: web-1
checks:
  - { name: host, kind: host, interval: 5s }
  - { name: web, kind: http, interval: 5s, url: 'http://127.0.0.1:${servicePort}/' }
`,
  )
  writeFileSync(folder.file('token'), await session.token('local', 'this-machine'))
  await command('enrol', '--token-file', folder.file('token'), ...agentArgs)
  startAgent()
})

afterAll(async () => {
  await agent[Symbol.asyncDispose]()
  await collector[Symbol.asyncDispose]()
  await close()
  folder[Symbol.dispose]()
})

test('soon: readings, and a continuity with its bounds', async () => {
  const found = await until(seconds, ({ up }) => up >= 10, 100_000)
  expect(found.down).toBe(0)
  const { low, observed, high, coverage } = (await institution()).continuity.cycle
  expect(observed?.percent).toBe('100.00')
  expect(high?.percent).toBe('100.00')
  expect(low?.ratio).toBe(coverage?.ratio)
  expect(await stateOf('web')).toBe('up')
  const page = await session.page('/en/institutions/local/environments/this-machine')
  expect(page).toContain('web-1/web')
})

test('a service that stops is down from its first failure, and up again', async () => {
  await close()
  await until(
    () => stateOf('web'),
    (state) => state === 'down',
    100_000,
  )
  await listen()
  await until(
    () => stateOf('web'),
    (state) => state === 'up',
    100_000,
  )
  const found = await until(seconds, ({ down }) => down >= 10, 100_000)
  expect(found.down).toBeLessThan(90)
})

test('killing the agent takes coverage, and invents nothing', async () => {
  await until(
    () => settled(),
    (settledNow) => settledNow,
    100_000,
  )
  const before = await seconds()
  await agent.stop('SIGKILL')
  const during = await until(seconds, ({ unknown }) => unknown >= before.unknown + 20, 110_000)
  expect(during.down).toBe(before.down)
  startAgent()
  // What it saw before it was killed and had not sent yet fills its time; the pause stays unknown.
  await until(
    () => stateOf('web'),
    (state) => state === 'up',
    100_000,
  )
  const after = await until(seconds, ({ up }) => up >= during.up + 20, 110_000)
  expect(after.down).toBe(before.down)
  expect(after.unknown).toBeGreaterThanOrEqual(before.unknown + 20)
})

test('killing the collector loses nothing that the agent saw', async () => {
  await until(
    () => settled(),
    (settledNow) => settledNow,
    100_000,
  )
  const before = await seconds()
  await collector.stop('SIGKILL')
  // The agent must see and seal something while nobody listens.
  await agent.line(/"level":"warn"[^\n]*\n/)
  await startCollector()
  const after = await until(seconds, ({ up }) => up >= before.up + 40, 150_000)
  expect(after.unknown - before.unknown).toBeLessThan(10)
  expect(after.down).toBe(before.down)
})

test('both stop cleanly when asked', async () => {
  expect(await agent.stop('SIGTERM')).toBe(0)
  expect(await collector.stop('SIGTERM')).toBe(0)
})

/** Whether all time through `asOf` that was observed is in: nothing of it is unknown any more. */
async function settled(): Promise<boolean> {
  const first = await seconds()
  const next = await until(seconds, ({ eligible }) => eligible > first.eligible, 100_000)
  return next.unknown === first.unknown
}
