import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { InstitutionDetail, Lost } from '../../../collector/kpi/snapshot.ts'
import { dayMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WireAgent } from '../../support/wire-agent.ts'

/** Whether silence is an agent's or a site's, on a collector whose clock the test moves. */

const start = Date.parse('2026-11-21T12:00:00Z')
const names = ['portal', 'mail', 'elsewhere'] as const
type Name = (typeof names)[number]

let folder: ReturnType<typeof temporaryFolder>
let clock: TestClock
let collector: TestCollector
let agents: Record<Name, WireAgent>

beforeEach(async () => {
  folder = temporaryFolder()
  clock = new TestClock(start)
  collector = await openTestCollector(folder.path, clock, writeRegister())
  const enrolled = names.map(async (name) => {
    const agent = new WireAgent(collector.app, start - dayMs)
    await agent.enrol(await collector.token('health', name), name)
    await agent.heartbeat(dayMs)
    return [name, agent] as const
  })
  // The keys are exactly the names.
  agents = Object.fromEntries(await Promise.all(enrolled)) as typeof agents
})

afterEach(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

function writeRegister(): string {
  const file = `${folder.path}/register.yaml`
  const environments = names.map(
    (name) => `      - id: ${name}
        name: { ar: بيئة, en: ${name} }
        class: internal
        criticality: critical
        site: ${name === 'elsewhere' ? 'other' : 'main'}`,
  )
  writeFileSync(
    file,
    `apiVersion: istimrar.register/v1
institutions:
  - id: health
    kind: institution
    name: { ar: الصحة, en: health }
    sites:
      - { id: main, name: { ar: الرئيسي, en: Main } }
      - { id: other, name: { ar: الآخر, en: Other } }
    environments:
${environments.join('\n')}
populations: { continuity: [health], enabled: [], readiness: [] }
`,
  )
  return file
}

/** The clock moves on; who is named tells that it was up until now. */
async function pass(minutes: number, ...alive: Name[]): Promise<void> {
  const from = clock.at - start + dayMs
  clock.at += minutes * minuteMs
  const to = clock.at - start + dayMs
  for (const name of alive) {
    await agents[name].heartbeat(to)
    const run = { check: 'host', state: 'up', from, to } as const
    const { status, text } = await agents[name].send(agents[name].batch([run]))
    expect(status, text).toBe(200)
  }
  await collector.evaluate()
}

/** Minutes lost by an environment, as `state cause`. */
async function lostOf(name: Name): Promise<Record<string, number>> {
  const answer = await collector.ask('/api/v1/institutions/health')
  const { environments } = (answer.json() as { institution: InstitutionDetail }).institution
  const lost: Lost = environments.find(({ id }) => id === name)!.lost
  const entries = Object.entries(lost).flatMap(([cause, { downMs, unknownMs }]) => [
    [`down ${cause}`, downMs / minuteMs] as const,
    [`unknown ${cause}`, unknownMs / minuteMs] as const,
  ])
  return Object.fromEntries(entries.filter(([, n]) => n > 0))
}

test('while a neighbour is heard silence is the agent’s, and the site’s once all are silent', async () => {
  await pass(20, ...names)
  await pass(10, 'mail', 'elsewhere')
  await pass(10, 'mail', 'elsewhere')
  await pass(20, 'elsewhere')
  await pass(11, 'elsewhere')
  // 60 minutes are in the figures: portal was silent for 40 of them, mail for the last 20.
  expect(await lostOf('portal')).toEqual({ 'unknown agent': 20, 'unknown network': 20 })
  expect(await lostOf('mail')).toEqual({ 'unknown network': 20 })
  expect(await lostOf('elsewhere')).toEqual({})
})

test('what a neighbour tells late changes why, though nobody tells of the environment itself', async () => {
  await pass(20, ...names)
  await pass(20, 'elsewhere')
  await pass(11, 'elsewhere')
  expect(await lostOf('portal')).toEqual({ 'unknown network': 20 })
  const late = { check: 'host', state: 'up', from: dayMs + 20 * minuteMs } as const
  const to = dayMs + 51 * minuteMs
  await agents.mail.heartbeat(to)
  const { status } = await agents.mail.send(agents.mail.batch([{ ...late, to }]))
  expect(status).toBe(200)
  await collector.evaluate()
  expect(await lostOf('portal')).toEqual({ 'unknown agent': 20 })
})

test('alone at its site nobody can tell: it is the agent', async () => {
  await pass(20, ...names)
  await pass(20, 'portal', 'mail')
  await pass(11, 'portal', 'mail')
  expect(await lostOf('elsewhere')).toEqual({ 'unknown agent': 20 })
})
