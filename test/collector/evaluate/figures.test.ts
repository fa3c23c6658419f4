import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { InstitutionDetail, Snapshot } from '../../../collector/kpi/snapshot.ts'
import { type BootMs, dayMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { type ShortRun, WireAgent } from '../../support/wire-agent.ts'

/** From messages on the wire to figures in the JSON API, on a collector whose clock the test moves. */

const start = Date.parse('2026-11-21T12:00:00Z')
const bootAt = start - dayMs

let folder: ReturnType<typeof temporaryFolder>
let clock: TestClock
let collector: Awaited<ReturnType<typeof openTestCollector>>
let agent: WireAgent

/** Minutes since the start of the test, on the host's clock. */
const boot = (minute: number): BootMs => dayMs + minute * minuteMs

async function moveTo(minute: number, heartbeat = true): Promise<void> {
  clock.at = start + minute * minuteMs
  if (heartbeat) await agent.heartbeat(boot(minute))
}

async function reopen(): Promise<void> {
  await collector.close()
  collector = await openTestCollector(folder.path, clock)
  agent.connect(collector.app)
}

beforeEach(async () => {
  folder = temporaryFolder()
  clock = new TestClock(start)
  collector = await openTestCollector(folder.path, clock)
  agent = new WireAgent(collector.app, bootAt, [
    { check: 'host', kind: 'host', intervalMs: minuteMs },
    { check: 'web', kind: 'http', intervalMs: minuteMs },
    { check: 'disk', kind: 'disk', intervalMs: minuteMs },
  ])
  await agent.enrol(await collector.token())
  await moveTo(0)
})

afterEach(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

function run(check: string, state: ShortRun['state'], toMinute: number, from?: number): ShortRun {
  return { check, state, to: boot(toMinute), ...(from !== undefined && { from: boot(from) }) }
}

/** All three checks up from one minute to another. */
function allUp(from: number, to: number): ShortRun[] {
  return ['host', 'web', 'disk'].map((check) => run(check, 'up', to, from))
}

async function snapshot(): Promise<Snapshot> {
  await collector.evaluate()
  const headers = { cookie: await collector.cookie() }
  const answer = await collector.app.inject({ url: '/api/v1/kpis', headers })
  return answer.json() as Snapshot
}

async function institution(): Promise<InstitutionDetail> {
  await collector.evaluate()
  const headers = { cookie: await collector.cookie() }
  const answer = await collector.app.inject({ url: '/api/v1/institutions/local', headers })
  return (answer.json() as { institution: InstitutionDetail }).institution
}

/** Minutes of the institution's cycle, by state. */
async function minutesOf(): Promise<Record<string, number>> {
  const { sums } = (await institution()).continuity.cycle
  if (!sums) return {}
  const entries = Object.entries(sums).map(([name, ms]) => [name.replace('Ms', ''), ms])
  // The only environment is critical: every minute counts four times.
  return Object.fromEntries(entries.map(([name, ms]) => [name, Number(ms) / 4 / minuteMs]))
}

test('before anything was seen: in scope, unknown, low 0 and high 100', async () => {
  await moveTo(20)
  const { low, high, coverage, verdict } = (await institution()).continuity.cycle
  expect([low?.percent, high?.percent, coverage?.percent, verdict]).toEqual([
    '0.00',
    '100.00',
    '0.00',
    'undetermined',
  ])
})

test('a registered institution without any agent counts as not reporting', async () => {
  const { nation } = await snapshot()
  expect([nation.reporting, nation.targets]).toEqual([1, 1])
  await moveTo(6, false)
  expect((await snapshot()).nation.reporting).toBe(0)
})

test('up, down and degraded minutes become low, observed and high', async () => {
  await moveTo(30)
  await agent.send(
    agent.batch([
      ...allUp(0, 10),
      run('web', 'down', 12),
      run('web', 'up', 30),
      run('disk', 'degraded', 15),
      run('disk', 'up', 30),
      run('host', 'up', 30),
    ]),
  )
  await moveTo(41)
  expect(await minutesOf()).toMatchObject({
    eligible: 30,
    up: 25,
    degraded: 3,
    down: 2,
    unknown: 0,
  })
  const { low, observed, high, verdict } = (await institution()).continuity.cycle
  expect([low?.percent, observed?.percent, high?.percent]).toEqual(['93.33', '93.33', '93.33'])
  expect(verdict).toBe('not_met')
})

describe('silence', () => {
  test('coverage falls, availability is not invented', async () => {
    await moveTo(10)
    await agent.send(agent.batch(allUp(0, 10)))
    await moveTo(31, false)
    expect(await minutesOf()).toMatchObject({ eligible: 20, up: 10, down: 0, unknown: 10 })
    const row = await institution()
    const { low, observed, high, coverage } = row.continuity.cycle
    expect([low?.percent, observed?.percent, high?.percent, coverage?.percent]).toEqual([
      '50.00',
      '100.00',
      '100.00',
      '50.00',
    ])
    const [environment] = row.environments
    expect([row.reporting, environment?.state]).toEqual([false, 'unknown'])
    expect(environment?.checks.map((check) => check.state)).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ])
  })

  test('what the agent did see fills the hole when it comes back', async () => {
    await moveTo(10)
    await agent.send(agent.batch(allUp(0, 10)))
    await moveTo(61, false)
    expect(await minutesOf()).toMatchObject({ up: 10, unknown: 40 })
    await moveTo(61)
    await agent.send(
      agent.batch([run('host', 'up', 40), run('disk', 'up', 40), run('web', 'down', 40)]),
    )
    expect(await minutesOf()).toMatchObject({ up: 10, down: 30, unknown: 10 })
  })
})

test('after a loss nothing goes on as before until a run says how it is', async () => {
  await moveTo(10)
  await agent.send(agent.batch(allUp(0, 10)))
  await moveTo(60)
  // Lost: the service went down at minute 10. Then: everything goes on as it was.
  expect((await agent.declareLost(1)).status).toBe(200)
  const steady = agent.batch([], { sealed: { wall: clock.at, boot: boot(40) } })
  const through = [boot(40), boot(40), boot(40)]
  const answer = await agent.send({ ...steady, steady: { ...steady.steady, through } })
  expect(answer.status).toBe(200)
  expect(await minutesOf()).toMatchObject({ up: 10, down: 0, unknown: 39 })
  await agent.send(
    agent.batch([run('host', 'up', 50, 40), run('disk', 'up', 50, 40), run('web', 'down', 50, 40)]),
  )
  expect(await minutesOf()).toMatchObject({ up: 10, down: 9, unknown: 30 })
})

describe('the collector itself', () => {
  test('time it did not run is charged to nobody, unless the agent saw it', async () => {
    await moveTo(10)
    await agent.send(agent.batch(allUp(0, 10)))
    await collector.noteLiveness()
    await moveTo(40, false)
    await reopen()
    await moveTo(61)
    // Not replayed: minutes 10 to 40 are the centre's; 40 to 50 are unknown.
    expect(await minutesOf()).toMatchObject({ eligible: 20, up: 10, unknown: 10, centre: 30 })
    await agent.send(agent.batch(['host', 'web', 'disk'].map((check) => run(check, 'up', 30))))
    expect(await minutesOf()).toMatchObject({ eligible: 40, up: 30, unknown: 10, centre: 10 })
    const { gross } = (await institution()).continuity.cycle
    expect([gross.low?.percent, gross.high?.percent]).toEqual(['60.00', '100.00'])
  })

  test('a start goes on where the last one stopped: the same figures to the digit', async () => {
    await moveTo(30)
    await agent.send(agent.batch([...allUp(0, 20), run('web', 'down', 27)]))
    await moveTo(41)
    await collector.noteLiveness()
    const before = await institution()
    await reopen()
    expect((await institution()).continuity).toEqual(before.continuity)
  })
})

test('days are derived again across midnight and across a day without evidence', async () => {
  for (let minute = 1; minute <= 2_880; minute++) {
    await moveTo(minute, false)
    await collector.noteLiveness()
  }
  await moveTo(2_880)
  await agent.send(agent.batch(allUp(0, 10)))
  await agent.send(
    agent.batch(['host', 'web', 'disk'].map((check) => run(check, 'up', 2_880, 2_870))),
  )
  await moveTo(2_891)
  expect(await minutesOf()).toMatchObject({ eligible: 2_880, up: 20, unknown: 2_860, centre: 0 })
  const { continuity } = await institution()
  expect(continuity['24h'].sums).toMatchObject({ eligibleMs: 4 * dayMs, upMs: 4 * 10 * minuteMs })
})

test('an environment without the checks its class must have is not assessed', async () => {
  const bare = new WireAgent(collector.app, bootAt, [
    { check: 'disk', kind: 'disk', intervalMs: minuteMs },
  ])
  await bare.enrol(await collector.token(), 'db-1')
  await moveTo(10)
  await bare.heartbeat(boot(10))
  await bare.send(bare.batch([run('disk', 'up', 10, 0)]))
  await moveTo(21)
  const row = await institution()
  expect(row.environments[0]).toMatchObject({ assessed: false, missing: ['host'] })
  expect(row.continuity.cycle).toMatchObject({
    low: { percent: '0.00' },
    high: { percent: '100.00' },
  })
})

test('a check that its owner drops while it is needed makes the environment unknown', async () => {
  await moveTo(10)
  await agent.send(agent.batch([...allUp(0, 5), run('web', 'down', 10), run('host', 'up', 10)]))
  const less = agent.definitions.filter(({ check }) => check !== 'web')
  agent.define(less)
  await moveTo(20)
  await agent.send(agent.batch([run('host', 'up', 20), run('disk', 'up', 20)]))
  await moveTo(31)
  expect(await minutesOf()).toMatchObject({ up: 5, down: 5, unknown: 10 })
  const web = (await institution()).environments[0]!.checks.find(
    ({ check }) => check === 'web-1/web',
  )
  expect(web).toMatchObject({ declared: false, state: 'unknown', needed: true })
})

test('the page of a check tells when and why it was down, and when nobody asked', async () => {
  await moveTo(20)
  const down = { ...run('web', 'down', 15), reason: 'refused' as const }
  await agent.send(agent.batch([...allUp(0, 10), down, run('web', 'up', 20)]))
  await moveTo(31)
  await collector.evaluate()
  const answer = await collector.app.inject({
    url: '/en/institutions/local/environments/this-machine/checks/web-1/web',
    headers: { cookie: await collector.cookie() },
  })
  expect(answer.statusCode).toBe(200)
  const text = answer.body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  expect(text).toMatch(/5 minutes State Down Reason connection refused/)
  expect(text).toMatch(/16 hours State Out of scope/)
})

test('the national figure of one institution is its own, pooled and as a mean', async () => {
  await moveTo(20)
  await agent.send(agent.batch(allUp(0, 19)))
  await moveTo(31)
  const { nation, asOf } = await snapshot()
  expect(asOf).toBe(start + 20 * minuteMs)
  const { pooled, mean, targets, withEvidence } = nation.continuity.cycle
  expect([pooled.low?.percent, mean.low?.percent, targets, withEvidence]).toEqual([
    '95.00',
    '95.00',
    1,
    1,
  ])
  expect(pooled.verdict).toBe('met')
})

test('/metrics, the page of a check and the JSON say the same of it', async () => {
  await moveTo(10)
  await agent.send(agent.batch([...allUp(0, 8), run('web', 'down', 10, 8)]))
  const row = (await institution()).environments[0]!.checks.find(
    ({ check }) => check === 'web-1/web',
  )!
  expect(row.state).toBe('down')
  const { body } = await collector.app.inject('/metrics')
  const place = 'institution="local",environment="this-machine"'
  expect(body).toContain(`istimrar_check_up{${place},check="web-1/web",kind="http"} 0\n`)
  expect(body).toContain(`istimrar_environment_checks{${place},state="down"} 1\n`)
  expect(body.split('\n').filter((line) => line.startsWith('istimrar_check_up'))).toHaveLength(3)
})

test('any window of all checks, of an institution or of one of its environments', async () => {
  await moveTo(20)
  await agent.send(agent.batch([...allUp(0, 10), run('web', 'down', 15), run('web', 'up', 20)]))
  await moveTo(31)
  await collector.evaluate()
  const base = '/api/v1/institutions/local'
  const window = `from=${start + 5 * minuteMs}&to=${start + 60 * minuteMs}`
  const answer = await collector.ask(`${base}/checks/sums?${window}`)
  const [upMs, downMs, unknownMs] = [10 * minuteMs, 5 * minuteMs, 10 * minuteMs]
  const rest = { upMs: 5 * minuteMs, degradedMs: 0, downMs: 0, unknownMs }
  // The figures end at minute 20: nothing is said of the time after it.
  expect(answer.json()).toEqual({
    from: start + 5 * minuteMs,
    to: start + 20 * minuteMs,
    environments: [
      {
        environment: 'this-machine',
        checks: [
          { check: 'web-1/disk', ...rest },
          { check: 'web-1/host', ...rest },
          { check: 'web-1/web', upMs, degradedMs: 0, downMs, unknownMs: 0 },
        ],
      },
    ],
  })
  const one = await collector.ask(`${base}/environments/this-machine/checks/sums?${window}`)
  expect(one.json()).toEqual(answer.json())
})

test.each([
  ['local/checks/sums?from=5&to=5', 400, 'invalid'],
  ['local/checks/sums?from=800000000000000&to=810000000000000', 400, 'invalid'],
  ['local/checks/sums?from=5', 400, 'schema'],
  ['local/environments/nothing/checks/sums?from=1&to=2', 404, 'not_found'],
  ['nobody/checks/sums?from=1&to=2', 404, 'not_found'],
])('%s answers %i %s', async (path, status, code) => {
  const answer = await collector.ask(`/api/v1/institutions/${path}`)
  expect([answer.status, (answer.json() as { code: string }).code]).toEqual([status, code])
})

test('nobody sees the checks of another institution', async () => {
  const foreign = await collector.cookieOf({
    id: 'huda',
    role: 'institution',
    institution: 'other',
  })
  const url = '/api/v1/institutions/local/checks/sums?from=1&to=2'
  expect((await collector.ask(url, undefined, foreign)).status).toBe(404)
  expect((await collector.app.inject(url)).statusCode).toBe(401)
})
