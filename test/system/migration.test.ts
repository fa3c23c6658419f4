import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unpackJws } from '../../collector/evidence/pack.ts'
import { checkData } from '../../collector/operations/check-data.ts'
import { openDatabase } from '../../collector/store/sqlite/open.ts'
import { sqliteReader } from '../../collector/store/sqlite/sqlite.ts'
import { sha256 } from '../../protocol/jws.ts'
import { temporaryFolder } from '../support/folder.ts'
import { rootDir } from '../support/processes.ts'
import { mustSkip } from '../support/programs.ts'

/**
 * Migrations go forward only and may be killed anywhere. The old database was left by the version
 * of commit 54d57cf after four agents had sent it batches and a gap: `format-1.db.gz`.
 */

const folder = temporaryFolder()
const old = folder.file('old.db')
const migrated = folder.file('migrated.db')
let whole: string

/** Tables that no migration touches. */
const untouched = [
  ...['contact', 'anchor', 'check_timeline', 'span', 'fact', 'liveness'],
  ...['environment_day', 'dirty_day', 'session'],
]

beforeAll(() => {
  const packed = readFileSync(new URL('../vectors/format-1.db.gz', import.meta.url))
  writeFileSync(old, gunzipSync(packed))
  copyFileSync(old, migrated)
  openDatabase(migrated).close()
  whole = dump(migrated)
})

afterAll(() => folder[Symbol.dispose]())

/** Everything in a database, schema and format included. */
function dump(file: string): string {
  const db = new Database(file, { readonly: true })
  const schema = db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all()
  const tables = (schema as { type: string; name: string }[]).filter(({ type }) => type === 'table')
  const rows = tables.map(({ name }) => [name, tableOf(db, name)])
  const version = db.pragma('user_version', { simple: true })
  db.close()
  return JSON.stringify({ version, schema, rows })
}

function tableOf(db: Database.Database, name: string): unknown[] {
  return db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all()
}

function migrateAndDie(file: string, dieBefore: number, wrap: readonly string[] = []) {
  const program = [process.execPath, 'test/support/migrate-and-die.ts', file, `${dieBefore}`]
  const [command, ...args] = [...wrap, ...program]
  return spawnSync(command!, args, { cwd: rootDir, encoding: 'utf8' })
}

test('killed before each statement: the next start completes it, nothing is lost', () => {
  const count = Number(migrateAndDie(copyOf('all'), 0).stdout)
  expect(count).toBeGreaterThan(20)
  for (let n = 1; n <= count; n++) {
    const file = copyOf(`killed-${n}`)
    expect(migrateAndDie(file, n).signal).toBe('SIGKILL')
    openDatabase(file).close()
    expect(dump(file) === whole, `killed before statement ${n}`).toBe(true)
  }
})

test('killed in the middle of the commit', { skip: mustSkip('strace') }, () => {
  let killed = 0
  for (const n of [1, 2, 3, 10, 40, 41, 80, 81, 120]) {
    const file = copyOf(`torn-${n}`)
    const inject = `inject=pwrite64:signal=KILL:when=${n}`
    const wrap = ['strace', '-D', '-f', '-qq', '-o', '/dev/null', '-P', `${file}-wal`, '-e', inject]
    if (migrateAndDie(file, 0, wrap).signal === 'SIGKILL') killed++
    openDatabase(file).close()
    expect(dump(file) === whole, `killed at write ${n}`).toBe(true)
  }
  expect(killed).toBeGreaterThan(3)
})

test('what was there is there: leaves, messages, cursors, days', async () => {
  expect((await checkData(migrated)).faults).toEqual([])
  const before = new Database(old, { readonly: true })
  const after = new Database(migrated, { readonly: true })
  for (const table of untouched) expect(tableOf(after, table)).toEqual(tableOf(before, table))
  const cursors = tableOf(before, 'cursor')
  expect(cursors.length).toBeGreaterThan(2)
  const joined = `SELECT agent, epoch, seq, prev, coalesce(definitions, '[]') AS definitions
    FROM cursor LEFT JOIN definition USING (agent) ORDER BY agent`
  expect(after.prepare(joined).all()).toEqual(cursors)
  const leaves = 'SELECT log, idx, hash FROM leaf ORDER BY log, idx'
  expect(after.prepare(leaves).all()).toEqual(before.prepare(leaves).all())
  const entries = 'SELECT entry FROM leaf ORDER BY log, idx'
  expect(after.prepare(entries).all()).toEqual(before.prepare(entries).all())
  const acts = before.prepare('SELECT what FROM entry ORDER BY id').pluck().all()
  const messages = before.prepare('SELECT * FROM message').all() as MessageSql[]
  before.close()
  after.close()
  const reader = sqliteReader(migrated)
  expect((await reader.entries()).map(({ what }) => what)).toEqual(acts)
  const agents = new Map((await reader.agents()).map(({ agent }) => [agent.agent, agent]))
  expect(messages.length).toBeGreaterThan(20)
  for (const { agent, epoch, seq, jws, type } of messages) {
    const message = await reader.message(agents.get(agent)!, epoch, seq)
    expect(message?.sha256).toBe(sha256(unpackJws(jws)))
    expect(message?.type).toBe(type)
  }
  await reader.close()
})

test('positions follow each log, even where the clock was set back', () => {
  const file = copyOf('set-back')
  const db = new Database(file)
  db.exec(`DROP TRIGGER leaf_keep_update; DROP TRIGGER message_keep_update;
    UPDATE message SET received = received - 3600000 WHERE seq > 3`)
  db.close()
  openDatabase(file).close()
  const after = new Database(file, { readonly: true })
  const rows = after.prepare('SELECT log, idx FROM leaf ORDER BY position').all()
  after.close()
  const byLog = Map.groupBy(rows as { log: string; idx: number }[], ({ log }) => log)
  for (const own of byLog.values()) expect(own.map(({ idx }) => idx)).toEqual([...own.keys()])
})

type MessageSql = { agent: string; epoch: number; seq: number; jws: Buffer; type: string }

function copyOf(name: string): string {
  const file = folder.file(`${name}.db`)
  copyFileSync(old, file)
  return file
}
