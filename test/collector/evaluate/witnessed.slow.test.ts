import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verify } from '../../../collector/evidence/verify.ts'
import type { Piece } from '../../../collector/kpi/environment-day.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WitnessedNation } from '../../support/witnessed-nation.ts'

const minutes10 = 10 * minuteMs
type Ten = Parameters<WitnessedNation['watch']>[0]

let folder: ReturnType<typeof temporaryFolder>
let nation: WitnessedNation

beforeAll(async () => {
  folder = temporaryFolder()
  nation = await new WitnessedNation(folder.path).open()
  for (const [, states] of scenes) await nation.watch(states)
})

afterAll(async () => {
  await nation.collector.close()
  folder[Symbol.dispose]()
})

/** The pieces of an environment as they are stored now. */
async function piecesOf(institution: string): Promise<Piece[]> {
  await nation.collector.evaluate()
  const reader = sqliteReader(`${nation.dataDir}/collector.db`)
  const days = await reader.days(institution)
  await reader.close()
  return days.flatMap(({ pieces }) => pieces)
}

/** What the middle of the n-th ten minutes became. */
async function tenth(pieces: readonly Piece[], n: number, start = nation.start) {
  const at = start + (n + 0.5) * minutes10
  const piece = pieces.find(({ from, to }) => from <= at && at < to)
  return piece && [piece.state, piece.cause ?? null, piece.flags ?? [], piece.excluded ?? null]
}

const both = ['self_attested', 'witnessed']
const scenes: [string, Ten, unknown[]][] = [
  ['all is well', {}, ['up', null, both, null]],
  ['inside silent, outside up', { web: null }, ['up', null, ['witnessed', 'agent_silent'], null]],
  ['back again', {}, ['up', null, both, null]],
  [
    'outside down by two, inside up',
    { north: 'down', south: 'down' },
    ['down', 'network', both, null],
  ],
  ['one sees it down, one up', { north: 'down' }, ['up', null, both, null]],
  ['one alone sees it down', { north: 'down', south: null }, ['up', null, ['self_attested'], null]],
  ['south is back', {}, ['up', null, both, null]],
  [
    'down inside and outside',
    { web: 'down', north: 'down', south: 'down' },
    ['down', 'service', both, null],
  ],
  [
    'silent inside, down outside, nobody else at the site',
    { web: null, north: 'down', south: 'down' },
    ['down', 'network', ['witnessed'], null],
  ],
  ['well to the end', {}, ['up', null, both, null]],
  ['nobody outside is heard', { north: null, south: null }, ['up', null, ['self_attested'], null]],
  ['well, so that it is known', {}, ['up', null, both, null]],
]

describe('what witnesses decide', () => {
  test.each(scenes.map(([name, , expected], n) => [name, n, expected] as const))(
    '%s',
    async (_name, n, expected) => {
      expect(await tenth(await piecesOf('health'), n)).toEqual(expected)
    },
  )

  test('an export of it gives equal figures, computed from the evidence alone', async () => {
    const { file, figures } = await nation.export('health')
    const { attested, sums } = figures.environments[0]!.continuity.cycle
    expect(sums?.downMs).toBe(3 * minutes10)
    expect(attested?.witnessed?.ratio).toBeGreaterThan(0)
    const outcome = await verify({ file, receipts: null, checkpoints: null, progress: () => {} })
    expect(outcome).toMatchObject({ result: 'ok', figures })
  })

  test('without witnesses nothing is judged otherwise', async () => {
    const pieces = (await piecesOf('roads')).filter(({ state }) => state !== 'unknown')
    expect(pieces).toEqual([])
    const { file } = await nation.export('roads')
    const outcome = await verify({ file, receipts: null, checkpoints: null, progress: () => {} })
    expect(outcome).toMatchObject({ result: 'ok', witnessMessages: 0 })
  })
})

test('where the policy wants witnesses, up time that nobody saw outside is the centre’s', async () => {
  using own = temporaryFolder()
  const strict = await new WitnessedNation(own.path).open(true)
  const unseen = { north: null, south: null }
  for (const states of [{}, unseen, {}, {}]) await strict.watch(states)
  await strict.collector.evaluate()
  const reader = sqliteReader(`${strict.dataDir}/collector.db`)
  const pieces = (await reader.days('health')).flatMap((day) => day.pieces)
  await reader.close()
  const { file, figures } = await strict.export('health')
  await strict.collector.close()
  const at = strict.start + 1.5 * minutes10
  const piece = pieces.find(({ from, to }) => from <= at && at < to)
  expect(piece).toMatchObject({ state: 'unknown', cause: 'centre', excluded: 'centre' })
  expect(figures.environments[0]!.continuity.cycle.sums?.centreMs).toBe(minutes10)
  const outcome = await verify({ file, receipts: null, checkpoints: null, progress: () => {} })
  expect(outcome).toMatchObject({ result: 'ok', figures })
})

test('a host tells afterwards why nothing was seen: undated evidence, a shutdown', async () => {
  using own = temporaryFolder()
  const alone = await new WitnessedNation(own.path).open()
  const nobody = { web: null, north: null, south: null }
  await alone.watch()
  for (const states of [nobody, nobody, nobody]) await alone.watch(states)
  await alone.collector.evaluate()
  const minute = (n: number) => alone.start + n * minuteMs
  const web = alone.agents.get('web')!
  const send = async (
    boot: string,
    bootAt: number,
    from: number,
    to: number,
    shutdown?: number,
  ) => {
    const sealed = { wall: to, boot: to - bootAt }
    const runs = ['host', 'web'].map((check) => {
      return { check, state: 'up' as const, from: from - bootAt, to: to - bootAt }
    })
    const facts = shutdown ? [{ indicator: 'host.shutdown', at: 0, value: shutdown }] : []
    const window = { from: from - bootAt, to: to - bootAt }
    const { status, text } = await web.send(web.batch(runs, { boot, sealed, window, facts }))
    if (status !== 200) throw new Error(text)
  }
  // No heartbeat ever came from the first boot: its clock has only its own word.
  await send('b007b007-0000-4000-8000-00000000000a', minute(18), minute(20), minute(30))
  // It adds nothing to what is known, and yet its day has to be judged anew.
  const marks = sqliteReader(`${alone.dataDir}/collector.db`)
  expect((await marks.dirtyDays()).map(({ institution }) => institution)).toContain('health')
  await marks.close()
  const boot = 'b007b007-0000-4000-8000-00000000000b'
  const at = { wall: alone.clock.at, boot: alone.clock.at - minute(38) }
  await web.heartbeat(at.boot, { boot, at })
  await send(boot, minute(38), minute(39), minute(40), minute(32))
  for (const states of [nobody, nobody]) await alone.watch(states)
  await alone.collector.evaluate()
  const reader = sqliteReader(`${alone.dataDir}/collector.db`)
  const pieces = (await reader.days('health')).flatMap((day) => day.pieces)
  await reader.close()
  const { file, figures } = await alone.export('health')
  await alone.collector.close()
  const found = [15, 25, 31, 35, 38.5, 39.5].map((n) => {
    const piece = pieces.find(({ from, to }) => from <= minute(n) && minute(n) < to)
    return [n, piece?.state, piece?.cause ?? null]
  })
  expect(found).toEqual([
    [15, 'unknown', 'agent'],
    [25, 'unknown', 'clock'],
    [31, 'unknown', 'agent'],
    [35, 'down', 'host'],
    [38.5, 'unknown', 'agent'],
    [39.5, 'up', null],
  ])
  const outcome = await verify({ file, receipts: null, checkpoints: null, progress: () => {} })
  expect(outcome).toMatchObject({ result: 'ok', figures })
})

test('what witnesses tell late is judged anew, on the board and in an export before it', async () => {
  using own = temporaryFolder()
  const late = await new WitnessedNation(own.path).open()
  await late.watch()
  const from = late.boot
  for (let ten = 0; ten < 3; ten++) await late.watch({ north: null, south: null })
  const stateAt = async () => {
    await late.collector.evaluate()
    const reader = sqliteReader(`${late.dataDir}/collector.db`)
    const pieces = (await reader.days('health')).flatMap((day) => day.pieces)
    await reader.close()
    return tenth(pieces, 1, late.start)
  }
  expect(await stateAt()).toEqual(['up', null, ['self_attested'], null])
  for (const name of ['north', 'south'] as const) await late.deliver(name, 'down', from)
  const { figures } = await late.export('health')
  expect(figures.environments[0]!.continuity.cycle.sums?.downMs).toBeGreaterThan(minutes10)
  expect(await stateAt()).toEqual(['down', 'network', both, null])
  await late.collector.close()
})
