import { writeFileSync } from 'node:fs'
import { readDeclared } from '../../collector/register/files.ts'
import type { CheckDefinition } from '../../protocol/batch.ts'
import { dayMs, type EpochMs, minuteMs } from '../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from './collector.ts'
import { noonPolicy } from './noon-policy.ts'
import { askedWorkload } from './sample-workloads.ts'
import { type ShortRun, WireAgent } from './wire-agent.ts'

/** Five institutions of which each shows something else; for tests that need a bit of everything. */
const bodies = [
  ['health', 'institution', 'الصحة', 'Health', 'works'],
  ['roads', 'institution', 'الطرق', 'Roads', 'is down'],
  ['ports', 'institution', 'الموانئ', 'Ports', 'went silent'],
  ['water', 'institution', 'المياه', 'Water', 'has no agent'],
  ['musandam', 'governorate', 'مسندم', 'Musandam', 'works'],
] as const

const definitions: CheckDefinition[] = [
  { check: 'host', kind: 'host', intervalMs: minuteMs },
  { check: 'web', kind: 'http', intervalMs: minuteMs, label: 'البوابة' },
  { check: 'disk', kind: 'disk', intervalMs: minuteMs },
  { check: 'cert', kind: 'tls', intervalMs: minuteMs },
  { check: 'memory', kind: 'memory', intervalMs: minuteMs },
  { check: 'backup', kind: 'backup', intervalMs: minuteMs },
  { check: 'clock', kind: 'clock', intervalMs: minuteMs },
]

const registerYaml = `apiVersion: istimrar.register/v1
institutions:
${bodies
  .map(
    ([id, kind, ar, en]) => `  - id: ${id}
    kind: ${kind}
    name: { ar: ${ar}, en: ${en} }
    environments:
      - id: portal
        name: { ar: بوابة ${ar}, en: ${en} portal }
        class: public
        criticality: critical
        hosting: { provider: own }`,
  )
  .join('\n')}
populations:
  continuity: [${bodies.map(([id]) => id).join(', ')}]
  enabled: [health, roads]
  readiness: [${bodies.map(([id]) => id).join(', ')}]
`

/**
 * A real collector that has watched the small nation for half an hour and stands at `now`, noon by
 * its policy: its evidence came in as messages, its figures are its own.
 */
export async function openSmallNation(folder: string, now: EpochMs): Promise<TestCollector> {
  const registerFile = `${folder}/register.yaml`
  writeFileSync(registerFile, registerYaml)
  const clock = new TestClock(now - 30 * minuteMs)
  const declared = readDeclared(registerFile, noonPolicy(folder, now), clock.at)
  const collector = await openTestCollector(`${folder}/data`, clock, registerFile, { declared })
  const agents = new Map<string, WireAgent>()
  for (const [id, , , , what] of bodies) {
    if (what === 'has no agent') continue
    const agent = new WireAgent(collector.app, clock.at - dayMs, definitions)
    await agent.enrol(await collector.token(id, 'portal'))
    await agent.heartbeat(dayMs)
    agents.set(id, agent)
  }
  for (let minute = 1; minute <= 30; minute++) {
    clock.at += minuteMs
    await collector.noteLiveness()
  }
  for (const [id, , , , what] of bodies) {
    const agent = agents.get(id)
    if (!agent || what === 'went silent') continue
    const end = dayMs + 30 * minuteMs
    await agent.heartbeat(end)
    await agent.send(agent.batch(runs(end, what), { facts: facts(end) }))
  }
  await registerMove(collector, now)
  await collector.evaluate()
  return collector
}

/** Health is to move two systems, one of which is late, by a roadmap that was changed once. */
async function registerMove(collector: TestCollector, now: EpochMs): Promise<void> {
  const day = (days: number) => new Date(now + days * dayMs).toISOString().slice(0, 10)
  const own = '/api/v1/institutions/health'
  const why = 'as the committee agreed'
  const owner = await collector.cookieOf({ id: 'huda', role: 'institution', institution: 'health' })
  const ministry = await collector.cookieOf({ id: 'maryam', role: 'ministry' })
  for (const [id, finish] of [
    ['records', -10],
    ['letters', 400],
  ] as const) {
    const workload = askedWorkload({ id, plannedFinish: day(finish) })
    const { id: _, ...fields } = workload
    const url = `${own}/workloads/${id}`
    const answer = await collector.app.inject({
      ...{ method: 'PUT', url, payload: { ...fields, why }, headers: { cookie: owner } },
    })
    if (answer.statusCode !== 200) throw new Error(answer.body)
  }
  for (const [number, start] of [-100, -60].entries()) {
    const proposed = await collector.ask(`${own}/baselines`, { startOn: day(start), why }, owner)
    if (proposed.status !== 201) throw new Error(JSON.stringify(proposed.json()))
    const approval = `${own}/baselines/${number + 1}/approve`
    const { status } = await collector.ask(approval, { why }, ministry)
    if (status !== 200) throw new Error(`${approval}: ${status}`)
  }
}

/** All up from the start; the site that is down fails for the last ten minutes. */
function runs(to: number, what: string): ShortRun[] {
  const up = definitions.map(({ check }): ShortRun => {
    const until = what === 'is down' && check === 'web' ? to - 10 * minuteMs : to
    return { check, state: 'up', from: dayMs, to: until }
  })
  const down: ShortRun = { check: 'web', state: 'down', to, reason: 'refused' }
  return what === 'is down' ? [...up, down] : up
}

const lastValues = {
  web: 0.12,
  disk: 0.63,
  memory: 0.41,
  cert: 40 * 86_400,
  backup: 7 * 3_600,
  clock: 0.004,
}

function facts(at: number) {
  return Object.entries(lastValues).map(([check, last]) => ({
    indicator: `check.${check}`,
    at,
    value: { n: 1, min: last, max: last, last, buckets: [] },
  }))
}
