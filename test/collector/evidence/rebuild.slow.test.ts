import { cpSync, existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BadLeaf, Fold } from '../../../collector/evidence/fold.ts'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import { leavesPerReadMax } from '../../../collector/store/logs.ts'
import { openRefold } from '../../../collector/store/sqlite/refold.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { version } from '../../../collector/version.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { EventfulNation } from '../../support/eventful-nation.ts'
import { temporaryFolder } from '../../support/folder.ts'

let folder: ReturnType<typeof temporaryFolder>
let nation: EventfulNation

beforeAll(async () => {
  folder = temporaryFolder()
  nation = await new EventfulNation(folder.path).live()
})

afterAll(() => folder[Symbol.dispose]())

/** A copy of the nation's data directory for one test. */
function copy(name: string): string {
  const dir = folder.file(name)
  cpSync(nation.dataDir, dir, { recursive: true })
  return `${dir}/collector.db`
}

function options(file: string, more: Partial<Parameters<typeof rebuild>[0]> = {}) {
  return { file, now: nation.clock.at, accept: false, progress: () => {}, ...more }
}

/** Changes a file as nobody may, without the program. */
function tamper(file: string, sql: string): void {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}

describe('rebuild', () => {
  test('makes everything anew that follows from the logs, the same to the byte', async () => {
    const file = copy('same')
    const { comparisons, swapped, leaves } = await rebuild(options(file))
    expect(comparisons.map(({ row }) => row)).toEqual(comparisons.map(() => null))
    expect(comparisons.map(({ name }) => name)).toContain('spans')
    expect([swapped, leaves > 200]).toEqual([true, true])
    expect(existsSync(`${file}.before-rebuild`)).toBe(true)
    // What was put in place can be rebuilt itself: nothing was lost that it needs.
    expect((await rebuild(options(file))).swapped).toBe(true)
  })

  test('has maintenance in the days that it makes anew', async () => {
    const file = copy('maintenance')
    await rebuild(options(file))
    const reader = sqliteReader(file)
    const kept = (await reader.days()).filter(({ sums }) => sums.maintenance > 0)
    await reader.close()
    expect(kept.map(({ institution, sums }) => [institution, sums.maintenance])).toEqual([
      ['health', 20 * minuteMs],
    ])
  })

  test('has decided disputes in the days that it makes anew', async () => {
    const file = copy('disputes')
    await rebuild(options(file))
    const reader = sqliteReader(file)
    const pieces = (await reader.days()).flatMap(({ institution, pieces: all }) =>
      all.flatMap(({ from, to, state, disputed }) =>
        disputed ? [[institution, state, disputed.was, (to - from) / minuteMs]] : [],
      ),
    )
    await reader.close()
    expect(pieces).toEqual([
      ['health', 'up', 'down', 8],
      ['health', 'up', 'up', 2],
    ])
  })

  test('keeps what does not follow from the logs', async () => {
    const file = copy('rest')
    tamper(file, "INSERT INTO own_clock VALUES ('b007', 5)")
    const tables = [
      'own_clock',
      'session',
      'token',
      'contact',
      'anchor',
      'contested',
      'checkpoint',
      'agent',
      'leaf',
    ]
    const read = () => {
      const db = new Database(file, { readonly: true })
      const rows = tables.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all())
      db.close()
      return rows
    }
    const before = read()
    expect((await rebuild(options(file))).swapped).toBe(true)
    expect(read()).toEqual(before)
  })

  test('who may send is read once, however many join and change', async () => {
    const data = copy('once')
    const source = sqliteReader(data)
    const target = openRefold(folder.file('once.db'), data)
    let reads = 0
    const agents = () => {
      reads++
      return target.agents()
    }
    const fold = new Fold({ ...target, agents })
    for (const leaf of await source.leavesAfter(0, leavesPerReadMax)) await fold.add(leaf)
    fold.flush()
    expect(reads).toBe(1)
    expect((await target.agents()).map(({ agent }) => agent)).toEqual(
      (await source.agents()).map(({ agent }) => agent),
    )
    await target.close()
    await source.close()
  })

  test('goes on where it was killed', async () => {
    const file = copy('killed')
    const stopped = new Error('killed')
    let calls = 0
    const progress = () => {
      calls++
      throw stopped
    }
    await expect(rebuild(options(file, { progress }))).rejects.toBe(stopped)
    const fresh = new Database(`${file}.rebuild-${version}`, { readonly: true })
    expect(fresh.prepare('SELECT count(*) FROM leaf').pluck().get()).toBeGreaterThan(0)
    fresh.close()
    expect((await rebuild(options(file))).swapped).toBe(true)
    expect(calls).toBe(1)
  })

  test.each([
    ['spans', "UPDATE span SET stop = stop + 60000 WHERE state = 'up'"],
    ['days', "UPDATE environment_day SET sums = replace(sums, '0', '1')"],
    ['timelines', 'UPDATE check_state SET up_ms = up_ms + 1 WHERE number = 1'],
    ['facts', 'DELETE FROM fact'],
    ['factDays', 'UPDATE fact_day SET day = day - 86400000'],
    ['valueDays', 'DELETE FROM value_day'],
    ['liveness', 'INSERT INTO liveness VALUES (1, 2)'],
    ['agents', "UPDATE agent SET status = 'revoked'"],
    ['cursors', 'UPDATE cursor SET seq = seq + 1'],
  ])('finds what was changed among the %s, and heals it when told', async (name, sql) => {
    const file = copy(`tampered-${name}`)
    tamper(file, sql)
    const { comparisons, swapped } = await rebuild(options(file))
    expect(swapped).toBe(false)
    expect(comparisons.filter(({ row }) => row).map((each) => each.name)).toContain(name)
    expect((await rebuild(options(file, { accept: true }))).swapped).toBe(true)
    const again = await rebuild(options(file))
    expect(again.comparisons.every(({ row }) => row === null)).toBe(true)
  })

  test('refuses logs that are not what the collector wrote, and names the leaf', async () => {
    const file = copy('forged')
    tamper(
      file,
      `DROP TRIGGER leaf_keep_update;
       UPDATE leaf SET received = received + 1 WHERE log = 'health' AND idx = 5;
       CREATE TRIGGER leaf_keep_update BEFORE UPDATE ON leaf
       BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;`,
    )
    const failure = await rebuild(options(file)).catch((error) => error)
    expect(failure).toBeInstanceOf(BadLeaf)
    expect(failure.message).toMatch(/^health #\d+: its hash is not that of its entry$/)
  })
})
