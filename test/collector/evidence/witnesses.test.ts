import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import { verify } from '../../../collector/evidence/verify.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { generateKey } from '../../../protocol/jws.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { textOf } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WitnessedNation } from '../../support/witnessed-nation.ts'

type Line = {
  log?: string
  index?: number
  entry?: string
  jws?: string
  aside?: true
  hash?: string
}

let folder: ReturnType<typeof temporaryFolder>
let nation: WitnessedNation
/** Lines of exports by institution. */
const exported = new Map<string, Line[]>()

beforeAll(async () => {
  folder = temporaryFolder()
  nation = await new WitnessedNation(folder.path).open()
  const { agents, collector } = nation
  await nation.watch()
  // The witness that nobody names changes its key, and is shut out.
  const east = agents.get('east')!
  await east.rotate(generateKey())
  await nation.watch({ north: 'down' })
  await collector.ask(`/api/v1/agents/${east.agent}/revoke`, { why: 'its room is closed' })
  await nation.watch({ east: null, web: null })
  // The web server's system records that it shut down, and it begins anew.
  const boot = 'b007b007-0000-4000-8000-000000000002'
  const web = agents.get('web')!
  const bootAt = nation.clock.at - 2 * minuteMs
  await web.heartbeat(2 * minuteMs, { boot, at: { wall: nation.clock.at, boot: 2 * minuteMs } })
  const runs = ['host', 'web'].map((check) => {
    return { check, state: 'up' as const, from: minuteMs, to: 2 * minuteMs }
  })
  const answer = await web.send(
    web.batch(runs, {
      boot,
      sealed: { wall: nation.clock.at, boot: 2 * minuteMs },
      window: { from: 0, to: 2 * minuteMs },
      facts: [{ indicator: 'host.shutdown', at: 0, value: bootAt - 5 * minuteMs }],
      pauses: [{ from: 0, to: minuteMs, why: 'agent_stopped' }],
    }),
  )
  expect(answer.status).toBe(200)
  await collector.evaluate()
  for (const id of ['health', 'roads']) {
    const { file } = await nation.export(id)
    const lines = textOf(file).trimEnd().split('\n')
    exported.set(
      id,
      lines.map((line) => JSON.parse(line) as Line),
    )
  }
  await collector.close()
})

afterAll(() => folder[Symbol.dispose]())

let files = 0
async function verified(lines: readonly Line[]) {
  const file = folder.file(`${++files}.jsonl`)
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return verify({ file, receipts: null, checkpoints: null, progress: () => {} })
}

/** National lines of one witness: messages with their bytes, and what is set aside. */
function of(id: string, name: 'north' | 'south' | 'east') {
  const agent = nation.agents.get(name)!.agent
  const own = exported.get(id)!.filter(({ log, entry = '' }) => {
    return log === 'national' && entry.includes(agent)
  })
  const messages = own.filter(({ jws }) => jws !== undefined).length
  return { lines: own, messages, aside: own.filter(({ aside }) => aside).length }
}

describe('an export', () => {
  test('holds the messages of the witnesses that are named, of others the leaves alone', () => {
    expect(of('health', 'north')).toMatchObject({ messages: 3, aside: 0 })
    expect(of('health', 'south')).toMatchObject({ messages: 3, aside: 0 })
    // An enrolment, a rotation, two batches and a revocation.
    expect(of('health', 'east')).toMatchObject({ messages: 0, aside: 5 })
    expect(of('roads', 'north')).toMatchObject({ messages: 0, aside: 4 })
  })

  test.each([
    ['health', 6],
    ['roads', 0],
  ])('of %s holds, and counts what witnesses said', async (id, witnessMessages) => {
    const outcome = await verified(exported.get(id)!)
    expect(outcome).toMatchObject({ result: 'ok', witnessMessages })
    const aside = exported.get(id)!.filter(({ aside: is, hash }) => is || hash).length
    expect(outcome).toMatchObject({ withheld: aside })
  })

  test('does not hold when a witness of its own is set aside', async () => {
    const agent = nation.agents.get('north')!.agent
    const without = (fromEnrolment: boolean) =>
      exported.get('health')!.map((line): Line => {
        const { jws, entry = '', ...rest } = line
        if (line.log !== 'national' || !entry.includes(agent)) return line
        return jws || fromEnrolment ? { ...rest, entry, aside: true } : line
      })
    expect(await verified(without(false))).toMatchObject({
      result: 'broken',
      why: expect.stringContaining('it cannot be set aside'),
    })
    expect(await verified(without(true))).toMatchObject({
      result: 'broken',
      why: `national: what ${agent} witnessed of health is set aside`,
    })
  })

  test('does not hold when something else is set aside', async () => {
    const aside = (is: (entry: string) => boolean) =>
      exported.get('health')!.map(({ jws: _, ...line }) => {
        return line.entry && is(line.entry) ? { ...line, aside: true as const } : line
      })
    const broken = { result: 'broken', why: expect.stringContaining('cannot be set aside') }
    expect(await verified(aside((entry) => entry.includes('policy/')))).toMatchObject(broken)
    expect(await verified(aside((entry) => entry.includes('"liveness"')))).toMatchObject(broken)
    const web = nation.agents.get('web')!.agent
    expect(await verified(aside((entry) => entry.includes(`"${web}"`)))).toMatchObject(broken)
  })
})

test('what tells why nothing was seen follows from the logs, the same to the byte', async () => {
  const { comparisons } = await rebuild({
    ...{ file: `${nation.dataDir}/collector.db`, now: nation.clock.at, accept: false },
    progress: () => {},
  })
  expect(comparisons.map(({ name, row }) => [name, row])).toEqual(
    comparisons.map(({ name }) => [name, null]),
  )
  await nation.open()
  const { agent } = nation.agents.get('web')!
  const reader = sqliteReader(`${nation.dataDir}/collector.db`)
  const key = { institution: 'health', environment: 'portal' }
  const window = { from: nation.start - hourMs, to: nation.clock.at + hourMs }
  const bootAt = nation.clock.at - 2 * minuteMs
  const boots = await reader.boots(key, { ...window, from: nation.start })
  expect(boots).toEqual([
    {
      ...{ agent: 'web', boot: 'b007b007-0000-4000-8000-000000000002', startedAt: bootAt },
      ...{ previousThrough: nation.start + 20 * minuteMs, shutdownAt: bootAt - 5 * minuteMs },
    },
  ])
  expect(await reader.pauses(key, window)).toEqual([
    { agent, from: bootAt, to: bootAt + minuteMs, why: 'agent_stopped' },
  ])
  const seen = await reader.witnessTimelines(['north/health', 'south/health'], window)
  expect([...seen].map(([name, spans]) => [name, spans.map(({ state }) => state)])).toEqual([
    ['north/health', ['up', 'down', 'up']],
    ['south/health', ['up']],
  ])
  await reader.close()
  await nation.collector.close()
})
