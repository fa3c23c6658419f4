import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../../collector/cli/commands.ts'
import { AppError } from '../../../collector/error.ts'
import type { Figures } from '../../../collector/evidence/figures.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { EventfulNation } from '../../support/eventful-nation.ts'
import { temporaryFolder } from '../../support/folder.ts'

let folder: ReturnType<typeof temporaryFolder>
let nation: EventfulNation

beforeAll(async () => {
  folder = temporaryFolder()
  nation = await new EventfulNation(folder.path).live()
  // Exports are made beside a collector that runs.
  await nation.open('important')
})

afterAll(async () => {
  await nation.collector.close()
  folder[Symbol.dispose]()
})

function cli(...args: string[]): Promise<{ code: number; text: string }> {
  return cliWith({}, ...args)
}

async function cliWith(settings: Record<string, string>, ...args: string[]) {
  let text = ''
  const context = {
    environment: { DATA_DIR: nation.dataDir, ...settings },
    now: nation.clock.now,
    out: (more: string) => {
      text += more
    },
    err: () => {},
  }
  const [name = '', ...rest] = args
  const code = await run(name, context, rest)
  return { code, text }
}

let exports = 0

async function exported(institution: string, ...more: string[]): Promise<string> {
  const file = folder.file(`${institution}-${++exports}.jsonl`)
  const { code } = await cli('export', '--institution', institution, '--out', file, ...more)
  expect(code).toBe(0)
  return file
}

describe('export and verify', () => {
  test('what is exported beside a running collector verifies; the report says what rests on what', async () => {
    const file = await exported('roads')
    const { code, text } = await cli('verify', file)
    expect(code).toBe(0)
    expect(text).toMatch(/^ok: evidence of roads, exported 2026-11-22T01:25:00.000Z\n/)
    expect(text).toContain('computed again, equal digit by digit')
    expect(text).toContain('self-attested 100.00 %')
    expect(text).toContain('only the operator’s own copies were compared')
  })

  test('beside receipts, the report counts them', async () => {
    const file = await exported('roads')
    const receipts = folder.file('receipts')
    writeFileSync(receipts, `${nation.receipts.get('roads')!.join('\n')}\n`)
    const { code, text } = await cli('verify', file, '--receipts', receipts)
    expect(code).toBe(0)
    expect(text).toMatch(/kept outside: \d\d receipts and [1-9]\d* checkpoints hold/)
  })

  test('figures may be those of any window, or of a cycle by its name', async () => {
    const window = ['--from', '2026-11-21T22:10:00Z', '--to', '2026-11-21T23:40:00Z']
    for (const more of [window, ['--cycle', '2027-04']]) {
      const file = await exported('health', ...more)
      expect((await cli('verify', file)).code).toBe(0)
    }
  })

  test.each([
    ['health', 20, 'approved, and shortened while it ran'],
    ['roads', 0, 'approved by nobody in time'],
    ['ports', 0, 'approved, and withdrawn before it began'],
  ])('maintenance of %s: %i minutes are excluded, %s; verify finds the same', async (id, out) => {
    const file = await exported(id)
    expect((await cli('verify', file)).code).toBe(0)
    const [first = ''] = readFileSync(file, 'utf8').split('\n', 1)
    const { figures } = JSON.parse(first) as { figures: Figures }
    const [portal] = figures.environments
    expect(portal!.continuity.cycle.sums?.maintenanceMs).toBe(out * minuteMs)
    expect(portal!.maintenance).toEqual({
      ...{ usedMs: out * minuteMs, quotaMs: 1_440 * minuteMs, noticeMs: 0 },
    })
    const { eligibleMs, centreMs } = portal!.continuity.cycle.sums!
    const { from, to } = figures.windows.cycle
    const inScope = to - Math.max(from, portal!.inScopeFrom)
    expect(eligibleMs + centreMs + out * minuteMs).toBe(inScope)
  })

  test.each([
    ['health', 'granted for ten of twenty minutes', 12, 8],
    ['roads', 'refused', 20, 0],
    ['ports', 'withdrawn', 20, 0],
  ])('a dispute of %s, %s, counts as verify finds it', async (id, _name, up, down) => {
    const span = ['--from', '2026-11-21T22:00:00Z', '--to', '2026-11-21T22:20:00Z']
    const file = await exported(id, ...span)
    expect((await cli('verify', file)).code).toBe(0)
    const lines = readFileSync(file, 'utf8').split('\n')
    expect(lines.filter((line) => line.includes('/environment/portal/dispute/'))).toHaveLength(2)
    const { figures } = JSON.parse(lines[0]!) as { figures: Figures }
    const { upMs, downMs } = figures.environments[0]!.continuity.cycle.sums!
    expect([upMs / minuteMs, downMs / minuteMs]).toEqual([up, down])
  })

  test('nothing of another institution is in an export but the sizes and roots of its log', async () => {
    const text = readFileSync(await exported('health'), 'utf8')
    const lines = text.split('\n').filter((line) => /\b(roads|ports)\b/.test(line))
    expect(lines.every((line) => line.includes('"kind\\":\\"heads\\"'))).toBe(true)
    expect(text).not.toContain(nation.agents.get('roads')!.agent)
  })

  test('exit status 1 and the first bad leaf, 2 for what cannot be read', async () => {
    const file = await exported('health')
    const text = readFileSync(file, 'utf8')
    const bad = folder.file('bad.jsonl')
    writeFileSync(bad, text.replace('register and policy files', 'register or policy files'))
    expect(await cli('verify', bad)).toEqual({
      code: 1,
      text: expect.stringMatching(
        /^broken: health #0 to #\d+: they are not the leaves that national #20/,
      ),
    })
    writeFileSync(bad, text.slice(0, -40))
    expect(await cli('verify', bad)).toMatchObject({
      code: 2,
      text: expect.stringContaining('middle'),
    })
    writeFileSync(bad, '{}\n')
    expect((await cli('verify', bad)).code).toBe(2)
    expect((await cli('verify', folder.file('nothing'))).code).toBe(2)
    expect((await cli('verify', file, '--receipts', folder.file('nothing'))).code).toBe(2)
    expect((await cli('verify', file, '--checkpoints', file)).code).toBe(2)
  })

  test.each([
    [['--institution', 'nobody'], 'There is no such institution.'],
    [['--institution', 'health', '--from', 'now', '--to', 'then'], '--from must be a time'],
    [['--institution', 'health', '--from', '2026-11-21T22:10:00Z'], 'go together'],
    [['--institution', 'health', '--cycle', '1999-04'], 'There was no cycle 1999-04.'],
    [[], 'Say either --institution or --nation.'],
  ])('export %j is refused and writes nothing', async (args, message) => {
    const file = folder.file('refused.jsonl')
    const failure = await cli('export', '--out', file, ...args).catch((error) => error)
    expect(failure).toBeInstanceOf(AppError)
    expect(failure.message).toContain(message)
    expect(() => readFileSync(file)).toThrow('ENOENT')
    expect(() => readFileSync(`${file}.partial`)).toThrow('ENOENT')
  })

  test('a file that is there is not written over', async () => {
    const file = await exported('health')
    const again = cli('export', '--institution', 'health', '--out', file)
    await expect(again).rejects.toThrow('exists already')
  })

  test('rebuild and rotate-log-key refuse to run beside the collector', async () => {
    await expect(cli('rebuild')).rejects.toThrow('Stop it first')
    await expect(cli('rotate-log-key')).rejects.toThrow('Stop it first')
  })
})

function rowsOf(file: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').slice(1).trimEnd().split('\r\n')
  const names = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}

describe('export with its tables', () => {
  test('is a folder that verifies; its tables tell what the figures tell', async () => {
    const out = folder.file('set-roads')
    expect((await cli('export', '--institution', 'roads', '--out', out)).code).toBe(0)
    const { code, text } = await cli('verify', out)
    expect(code).toBe(0)
    expect(text).toContain('all tables were made again and are the same')
    const kpis = rowsOf(`${out}/kpis.csv`)
    expect(kpis.map(({ scope, window }) => `${scope} ${window}`)).toEqual(
      ['institution', 'environment'].flatMap((scope) =>
        ['cycle', '30d', '7d', '24h'].map((window) => `${scope} ${window}`),
      ),
    )
    const figures = JSON.parse(readFileSync(`${out}/kpis.json`, 'utf8')) as Figures
    const { low, sums } = figures.environments[0]!.continuity.cycle
    const portal = kpis.find(({ scope, window }) => scope === 'environment' && window === 'cycle')!
    expect(portal.low_percent).toBe(low!.percent)
    expect(Number(portal.low_ratio)).toBe(low!.ratio)
    const intervals = rowsOf(`${out}/intervals.csv`)
    const total = (isWanted: (row: Record<string, string>) => boolean) =>
      intervals.filter(isWanted).reduce((ms, row) => ms + Number(row.length_ms), 0)
    expect(total(({ state, excluded }) => state === 'down' && !excluded)).toBe(sums!.downMs)
    expect(total(({ state, excluded }) => state === 'unknown' && !excluded)).toBe(sums!.unknownMs)
    expect(total(({ excluded }) => excluded === 'centre')).toBe(sums!.centreMs)
    expect(sums!.downMs).toBeGreaterThan(0)
    expect(rowsOf(`${out}/exclusions.csv`)).toMatchObject([
      { state: 'lapsed', why: 'new storage', requested_by: 'local-admin', decided_by: '' },
    ])
  })

  test('holds readiness with all that it rests on, as of the end of its window', async () => {
    const out = folder.file('set-readiness')
    expect((await cli('export', '--institution', 'roads', '--out', out)).code).toBe(0)
    expect((await cli('verify', out)).code).toBe(0)
    const { readiness, windows } = JSON.parse(readFileSync(`${out}/kpis.json`, 'utf8')) as Figures
    const model = loadDefaultModel()
    expect(JSON.parse(readiness!.rules)).toEqual(model)
    const [index, ...parts] = rowsOf(`${out}/readiness.csv`)
    expect(index).toMatchObject({
      ...{ scope: 'institution', institution: 'roads', part: 'index', stage: 'being_set_up' },
      ...{ model: `${model.id} 1.0.0`, model_hash: model.hash, model_status: 'draft' },
      low_percent: readiness!.institution.index.low.percent,
      as_of: new Date(windows.cycle.to).toISOString(),
    })
    const dimensions = parts.filter(({ part }) => part === 'dimension')
    expect(dimensions.map(({ part_id }) => part_id)).toEqual(model.dimensions.map(({ id }) => id))
    const indicators = rowsOf(`${out}/readiness-indicators.csv`)
    const weights = indicators.filter(({ weight_ratio }) => weight_ratio !== '')
    expect(weights.map(({ indicator }) => indicator)).toEqual(
      model.dimensions.flatMap((dimension) => dimension.indicators.map(({ id }) => id)),
    )
    expect(weights.reduce((sum, row) => sum + Number(row.weight_ratio), 0)).toBeCloseTo(1, 9)
    // What the host told within the day that had ended.
    const disk = indicators.find(({ metric, host }) => metric === 'disk.healthy' && host)
    const told = { status: 'missing', reason: 'no_permission', value: '', low_points: '0' }
    expect(disk).toMatchObject({ environment: 'portal', high_points: '100', ...told })
    const enabled = rowsOf(`${out}/enabled.csv`)
    expect(enabled.flatMap(({ criterion }) => criterion || [])).toEqual(
      model.enabled.map(({ id }) => id),
    )
  })

  test('of a nation verifies, beside all its institutions as a whole', async () => {
    const out = folder.file('set-nation')
    const made = await cli('export', '--nation', '--with-institutions', '--out', `${out}/`)
    expect(made.code).toBe(0)
    expect(readdirSync(`${out}-institutions`)).toEqual(['health', 'ports', 'roads'])
    expect((await cli('verify', out)).text).toContain('NOT computed again')
    const whole = await cli('verify', out, '--institutions', `${out}-institutions`)
    expect(whole.code).toBe(0)
    expect(whole.text).toContain('computed again from the evidence of all 3 institutions')
    const kpis = rowsOf(`${out}/kpis.csv`).filter(({ window }) => window === 'cycle')
    expect(
      kpis.map(({ scope, institution, aggregation }) => `${scope}${institution}${aggregation}`),
    ).toEqual([
      ...['nationpooled', 'nationmean', 'nationreporting'],
      ...['nationpooled:institution', 'nationpooled:governorate'],
      ...['institutionhealth', 'institutionports', 'institutionroads'],
    ])
    const [index] = rowsOf(`${out}/readiness.csv`)
    expect(index).toMatchObject({ scope: 'nation', part: 'index', model_status: 'draft' })
    const scopes = rowsOf(`${out}/readiness.csv`).filter(({ part }) => part === 'index')
    expect(scopes.map(({ institution }) => institution)).toEqual(['', 'health', 'ports', 'roads'])
    expect(rowsOf(`${out}/enabled.csv`)[0]).toMatchObject({ scope: 'nation', enabled: '0' })
    const some = await cli('verify', out, '--institutions', folder.file('set-roads'))
    expect(some.text).toContain('of 1 of which')
  })

  test.each([
    [['--institution', 'nobody'], 'There is no such institution.'],
    [['--institution', 'health', '--nation'], 'Say either'],
    [['--institution', 'health', '--with-institutions'], 'goes with --nation'],
    [['--nation', '--cycle', '1999-04'], 'There was no cycle 1999-04.'],
  ])('%j is refused and leaves nothing', async (args, message) => {
    const out = folder.file('refused-set')
    await expect(cli('export', '--out', out, ...args)).rejects.toThrow(message)
    expect(existsSync(out) || existsSync(`${out}.partial`)).toBe(false)
  })

  test('what is simulated says so in every row, and in the report', async () => {
    const out = folder.file('set-simulated')
    await cliWith({ ISTIMRAR_SIMULATED: 'yes' }, 'export', '--institution', 'health', '--out', out)
    const marks = rowsOf(`${out}/kpis.csv`).map(({ simulated }) => simulated)
    expect(new Set(marks)).toEqual(new Set(['true']))
    expect((await cli('verify', out)).text).toContain('SIMULATED: nothing in it is official')
  })

  test('a folder that is there is not written over', async () => {
    const again = cli('export', '--institution', 'health', '--out', folder.path)
    await expect(again).rejects.toThrow('exists already')
  })
})
