import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childRunner } from '../../../agent/child.ts'
import { ageSecondsMax, backupFact } from '../../../agent/facts/backup.ts'
import { noHistory } from '../../../agent/facts/history.ts'
import { openFactHost } from '../../../agent/facts/host.ts'
import { dayMs, hourMs } from '../../../protocol/time.ts'
import { configOf, type GivenCheck } from '../../support/checks.ts'
import { factNow, fakeFactHost } from '../../support/fact-host.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { readFact } from '../../support/read-fact.ts'

/** Files and how many hours ago they were written, and the checks that look at them. */
async function read(
  hoursAgo: Record<string, number>,
  ...checks: Record<string, string | number>[]
) {
  const root = fakeRoot({})
  for (const [path, hours] of Object.entries(hoursAgo)) {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'x')
    const at = (factNow - hours * hourMs) / 1_000
    utimesSync(file, at, at)
  }
  const config = configOf(...checks.map((settings): GivenCheck => ['backup', settings]))
  const host = openFactHost({
    ...{ platform: 'linux', now: factNow, uptimeMs: dayMs, root, run: childRunner({}) },
    ...{ config, kept: new Map(), history: noHistory },
  })
  const told = await readFact(backupFact, host)
  return {
    age: told['backup.age_seconds'],
    site: told['backup.second_site'],
    restore: told['backup.restore_age_days'],
  }
}

describe('backup', () => {
  test('without a check nothing is declared', async () => {
    const { age, site, restore } = await read({})
    for (const told of [age, site, restore]) {
      expect(told).toMatchObject({ value: null, missing: 'no_backup_declared' })
    }
  })

  test('the oldest of all backups counts, though each is in time for its check', async () => {
    const { age } = await read(
      { 'a/db.dump': 2, 'a/old.dump': 50, 'b/files.tar': 20 },
      { path: '/a' },
      { path: '/b' },
    )
    expect(age).toMatchObject({
      value: 20 * 3_600,
      method: 'backup',
      detail: 'the oldest of 2 backups',
    })
  })

  test('a place without a backup is told as never', async () => {
    const { age } = await read({ 'a/db.dump': 2 }, { path: '/a' }, { path: '/gone' })
    expect(age).toMatchObject({ value: ageSecondsMax, detail: '1 of 2 backups never made' })
  })

  test.each<[string, Record<string, number>, Record<string, string | number>[], object]>([
    [
      'no copy declared',
      {},
      [{ path: '/a' }],
      { value: false, detail: '1 of 1 backup without a recent copy elsewhere' },
    ],
    [
      'a copy',
      { 'far/db.dump': 30 },
      [{ path: '/a', copyPath: '/far' }],
      { value: true, detail: '1 backup' },
    ],
    [
      'a copy, though the backup itself is too old',
      { 'far/db.dump': 30 },
      [{ path: '/none', copyPath: '/far' }],
      { value: true },
    ],
    [
      'a copy that is late',
      { 'far/db.dump': 51 },
      [{ path: '/a', copyPath: '/far' }],
      { value: false },
    ],
    ['no copy where one should be', {}, [{ path: '/a', copyPath: '/far' }], { value: false }],
    [
      'one of two',
      { 'far/db.dump': 1 },
      [{ path: '/a', copyPath: '/far' }, { path: '/a' }],
      { value: false, detail: '1 of 2 backups without a recent copy elsewhere' },
    ],
  ])('second site: %s', async (_name, files, checks, expected) => {
    const { site } = await read({ 'a/db.dump': 1, ...files }, ...checks)
    expect(site).toMatchObject(expected)
  })

  test('the newest proof of a restore counts', async () => {
    const { restore } = await read(
      { 'a/db.dump': 1, 'proof/june.log': 24 * 90, 'proof/may.log': 24 * 120 },
      { path: '/a', restoreProof: '/proof' },
      { path: '/a', restoreProof: '/gone' },
    )
    expect(restore).toMatchObject({
      value: 90,
      method: 'restore-proof',
      detail: 'the newest of 1 proof',
    })
  })

  test('no proof is named, or none is there', async () => {
    const { restore } = await read({ 'a/db.dump': 1 }, { path: '/a' })
    expect(restore).toMatchObject({ value: null, missing: 'no_check' })
    const named = await read({ 'a/db.dump': 1 }, { path: '/a', restoreProof: '/gone' })
    expect(named.restore).toMatchObject({ value: null, missing: 'unreadable' })
  })

  test('a copy that may not be read does not hide the age of the backup itself', async () => {
    const config = configOf(['backup', { path: '/srv/backup', copyPath: '/mnt/far' }])
    const host = fakeFactHost({ config })
    const look: typeof host.look = async ({ settings }) => {
      if ([settings.path, settings.copyPath].includes('/mnt/far')) {
        throw Object.assign(new Error('no'), { code: 'EACCES' })
      }
      return { state: 'up', value: 3_600 }
    }
    const told = await readFact(backupFact, { ...host, look })
    expect(told['backup.age_seconds']).toMatchObject({ value: 3_600 })
    expect(told['backup.second_site']).toMatchObject({
      ...{ value: null, missing: 'no_permission', permission: 'read access to /mnt/far' },
    })
  })

  test('what may not be read leaves the worst unknown, and names the permission', async () => {
    const config = configOf(['backup', { path: '/srv/backup' }], ['backup', { path: '/srv/other' }])
    const host = fakeFactHost({ config })
    const closed = Object.assign(new Error('no'), { code: 'EACCES' })
    const look: typeof host.look = async ({ settings }) => {
      if (settings.path === '/srv/backup') throw closed
      return { state: 'up', value: dayMs }
    }
    const told = await readFact(backupFact, { ...host, look })
    expect(told['backup.age_seconds']).toMatchObject({
      ...{ value: null, missing: 'no_permission', permission: 'read access to /srv/backup' },
    })
  })
})
