import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BackupSettings, backup, settings as schema } from '../../../agent/probes/backup.ts'
import { dateIn, fits, namesMax } from '../../../agent/probes/backup-traces.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { hourMs } from '../../../protocol/time.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { probeContext } from '../../support/loopback.ts'

const now = new Date(2026, 10, 22, 12, 0, 0).getTime()

/** Files of a text and an age in hours. */
type Files = Readonly<Record<string, readonly [text: string, ageHours: number]>>

function machine(files: Files): string {
  const root = fakeRoot({ 'srv/backup/': '' })
  for (const [path, [text, ageHours]] of Object.entries(files)) {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    const at = new Date(now - ageHours * hourMs)
    utimesSync(file, at, at)
  }
  return root
}

const look = async (root: string, given: Partial<BackupSettings>) =>
  backup(
    withDefaults(schema, { path: '/srv/backup', ...given }),
    probeContext({ root, now: () => now }),
  )
const fresh = (hours: number) => ({ state: 'up', value: hours * 3_600 })
const fault = (reason: string, hours?: number) => ({
  state: 'degraded',
  reason,
  ...(hours !== undefined && { value: hours * 3_600 }),
})
const one = (ageHours: number, text = 'data'): Files => ({ 'srv/backup/a.dump': [text, ageHours] })

describe('backup', () => {
  test.each<[string, Files, Partial<BackupSettings>, object]>([
    ['a file', one(5), { path: '/srv/backup/a.dump' }, fresh(5)],
    ['just young enough', one(26), {}, fresh(26)],
    ['too old', one(27), {}, fault('too_old', 27)],
    ['young enough for a weekly job', one(160), { ageHoursMax: 170 }, fresh(160)],
    ['no file', {}, { path: '/srv/backup/a.dump' }, fault('backup_missing')],
    ['an empty folder', {}, {}, fault('backup_missing')],
    ['a folder below it only', { 'srv/backup/sub/a.dump': ['x', 1] }, {}, fault('backup_missing')],
    ['the newest of a folder', { ...one(30), 'srv/backup/b.dump': ['x', 3] }, {}, fresh(3)],
    [
      'a newer file of another name',
      { ...one(30), 'srv/backup/b.part': ['x', 3] },
      { pattern: '*.dump' },
      fault('too_old', 30),
    ],
    ['an empty file', one(1, ''), {}, fault('backup_failed')],
    [
      'a small file, which may be being written',
      { ...one(9), 'srv/backup/b': ['', 0] },
      {},
      fresh(9),
    ],
    [
      'a small file after the last good one',
      { ...one(30), 'srv/backup/b': ['x', 6] },
      { sizeBytesMin: 2 },
      fault('backup_failed', 30),
    ],
    ['a file of the day after tomorrow', one(-48), {}, fault('backup_missing')],
    ['a file of a clock a little fast', one(-1), {}, fresh(0)],
  ])('files: %s', async (_name, files, given, expected) => {
    expect(await look(machine(files), given)).toEqual(expected)
  })

  const folder = (name: string): Files => ({ [`srv/backup/${name}/x`]: ['', 0] })
  test.each<[string, Files, object]>([
    ['date and time', folder('daily-2026-11-22_0300'), fresh(9)],
    ['another name without date', { ...folder('2026-11-22T10:00:00'), ...folder('new') }, fresh(2)],
    ['an old one', folder('auto-20261120-120000'), fault('too_old', 48)],
    ['none with a date', folder('daily.0'), fault('backup_missing')],
    ['one of a year that is to come', folder('2027-01-01_0000'), fault('backup_missing')],
  ])('snapshots: %s', async (_name, files, expected) => {
    expect(await look(machine(files), { snapshots: true })).toEqual(expected)
  })

  test.each([
    ['written on that day', 2, fresh(2)],
    ['written since', -13, fresh(12)],
    ['written before', 40, fresh(12)],
  ])('a snapshot whose name tells the day only, %s', async (_name, ageHours, expected) => {
    const root = machine({ 'srv/backup/2026-11-22': ['', ageHours] })
    expect(await look(root, { snapshots: true })).toEqual(expected)
  })

  const log = { path: '/var/log/job.log', success: 'done', failure: 'FAILED' }
  const logged = (text: string, ageHours = 1): Files => ({ 'var/log/job.log': [text, ageHours] })
  test.each<[string, Files, object]>([
    ['a dated success', logged('2026-11-22 04:00:00 done\nbytes 12\n'), fresh(8)],
    ['a success without date', logged('start\ndone\n', 7), fresh(7)],
    ['an old success', logged('2026-11-20 12:00:00 done\nstart\n'), fault('too_old', 48)],
    ['a failure since', logged('2026-11-22 04:00:00 done\nFAILED\n'), fault('backup_failed', 8)],
    ['a failure before', logged('FAILED\n2026-11-22T04:00:00 done\n'), fresh(8)],
    [
      'a failure in the words of a success',
      logged('2026-11-22 04:00:00 done\n2026-11-22 05:00:00 done, 1 FAILED\n'),
      fault('backup_failed', 8),
    ],
    ['only a failure', logged('FAILED\n'), fault('backup_failed')],
    ['neither', logged('start\n'), fault('backup_missing')],
    ['a success dated next year', logged('2027-11-22 04:00:00 done\n', 3), fresh(3)],
    ['no log', {}, fault('backup_missing')],
    [
      'a log that was rotated',
      { ...logged(''), 'var/log/job.log.1': ['2026-11-22 04:00:00 done\n', 8] },
      fresh(8),
    ],
    ['a success too far back', logged(`done\n${'x\n'.repeat(200_000)}`), fault('backup_missing')],
  ])('log: %s', async (_name, files, expected) => {
    expect(await look(machine(files), log)).toEqual(expected)
  })

  test('a log is searched for texts, not for patterns', async () => {
    const files = logged('done\n')
    expect(await look(machine(files), { ...log, success: 'd.ne' })).toEqual(fault('backup_missing'))
  })

  test('failure without success is refused, so that it is not taken for a watch', async () => {
    await expect(look(machine({}), { failure: 'FAILED' })).rejects.toThrow('success')
  })

  const copyPath = '/mnt/far'
  test.each<[string, Files, object]>([
    ['there', { 'mnt/far/a.dump': ['x', 30] }, fresh(5)],
    ['too old', { 'mnt/far/a.dump': ['x', 51] }, fault('backup_copy_missing', 5)],
    ['empty', { 'mnt/far/a.dump': ['', 1] }, fault('backup_copy_missing', 5)],
    ['not there', { 'mnt/far/other': ['x', 1] }, fault('backup_copy_missing', 5)],
    ['nowhere', {}, fault('backup_copy_missing', 5)],
  ])('a copy: %s', async (_name, files, expected) => {
    const root = machine({ ...one(5), ...files })
    expect(await look(root, { copyPath, pattern: '*.dump' })).toEqual(expected)
  })

  test('that the backup itself is bad is told before its copy', async () => {
    expect(await look(machine(one(30)), { copyPath })).toEqual(fault('too_old', 30))
  })

  test('makes no observation of a folder with too many names', async () => {
    const root = machine({})
    for (let index = 0; index <= namesMax; index++) {
      writeFileSync(join(root, 'srv/backup', `${index}.dump`), 'x')
    }
    await expect(look(root, {})).rejects.toThrow('narrower')
    expect(await look(root, { pattern: '1?.dump' })).toMatchObject({ value: expect.any(Number) })
  })

  test('is degraded (timeout) when the storage hangs, and is not asked again meanwhile', async () => {
    const root = machine(one(5))
    const settings = withDefaults(schema, { path: '/srv/backup' })
    const context = probeContext({ root, now: () => now })
    const hung = backup(settings, context)
    expect(await backup(settings, context)).toEqual(fault('timeout'))
    expect(await hung).toEqual(fresh(5))
    expect(await backup(settings, { ...context, signal: AbortSignal.abort() })).toEqual(
      fault('timeout'),
    )
  })

  describe.runIf(process.platform === 'linux')('at the second look', () => {
    const path = '/srv/backup/a.dump'
    const mountsOf = (type: string, at = '/') =>
      `27 1 254:0 / / rw - ext4 /dev/0 rw\n28 27 254:1 / ${at} rw - ${type} /dev/1 rw\n`
    const begin = async (mounts: string, given: Partial<BackupSettings> = {}) => {
      const root = machine({ ...one(5), 'proc/self/mountinfo': [mounts, 0] })
      const settings = withDefaults(schema, { path, ...given })
      let at = now
      const context = probeContext({ root, now: () => at })
      await backup(settings, context)
      const again = () => {
        at += 60_000
        return backup(settings, context)
      }
      return { root, again }
    }
    const later = (minutes: number) => fresh(5 + minutes / 60)

    test.each<[string, string, Partial<BackupSettings>, boolean]>([
      ['a file of the system disk', mountsOf('ext4'), {}, true],
      ['a file of a container', mountsOf('overlay'), {}, true],
      ['a file of another local disk', mountsOf('xfs', '/srv/backup'), {}, false],
      ['a file of a network disk', mountsOf('nfs4', '/srv/backup'), {}, false],
      ['a system disk of the network', mountsOf('nfs4'), {}, false],
      ['a folder', mountsOf('ext4'), { path: '/srv/backup' }, false],
      ['a file with a copy', mountsOf('ext4'), { copyPath: '/srv/backup' }, false],
      ['a table of mounts that cannot be read', 'x', {}, false],
    ])('%s answers at once only where it cannot hang', async (_name, mounts, given, isAtOnce) => {
      const { again } = await begin(mounts, given)
      const second = again()
      expect(second instanceof Promise).toBe(!isAtOnce)
      expect(await second).toEqual(later(1))
    })

    test('a link waits in the background: it may lead elsewhere tomorrow', async () => {
      const { root, again } = await begin(mountsOf('ext4'), { path: '/link' })
      symlinkSync(join(root, path), join(root, 'link'))
      await again()
      expect(again()).toBeInstanceOf(Promise)
    })

    test('a link that was put on the way since is not followed at once', async () => {
      const { root, again } = await begin(mountsOf('ext4'))
      expect(again()).toEqual(later(1))
      renameSync(join(root, 'srv'), join(root, 'elsewhere'))
      symlinkSync(join(root, 'elsewhere'), join(root, 'srv'))
      const waiting = again()
      expect(waiting).toBeInstanceOf(Promise)
      expect(await waiting).toEqual(later(2))
    })

    test('what changed is seen: age, size, a file that is gone, another mount', async () => {
      const { root, again } = await begin(mountsOf('ext4'))
      expect(again()).toEqual(later(1))
      utimesSync(join(root, path), 0, 0)
      expect(again()).toMatchObject({ reason: 'too_old' })
      writeFileSync(join(root, path), '')
      expect(await again()).toEqual(fault('backup_failed'))
      rmSync(join(root, path))
      expect(await again()).toEqual(fault('backup_missing'))
      mkdirSync(join(root, path))
      expect(await again()).toEqual(fault('backup_missing'))
      writeFileSync(join(root, 'proc/self/mountinfo'), mountsOf('nfs4', '/srv/backup'))
      expect(again()).toBeInstanceOf(Promise)
    })
  })
})

test.each([
  ['a.dump', '*', true],
  ['a.dump', '*.dump', true],
  ['a.dump.part', '*.dump', false],
  ['a.dump', 'a?dump', true],
  ['a.dump', 'a.dum', false],
  ['', '*', true],
  ['db-2026.sql.gz', 'db-*.sql*', true],
  ['aXbXc', 'a*b*d', false],
  ['a+b', 'a+b', true],
  ['aab', 'a+b', false],
  ['a'.repeat(200), `${'*a'.repeat(90)}*b`, false],
])('the name %s fits %s: %s', (name, pattern, expected) => {
  expect(fits(name, pattern)).toBe(expected)
})

test('fits agrees with a regular expression', () => {
  const text = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 8 })
  fc.assert(
    fc.property(text('ab.'), text('ab.*?'), (name, pattern) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')
      expect(fits(name, pattern)).toBe(new RegExp(`^(${source})$`).test(name))
    }),
    { numRuns: 2_000 },
  )
})

test.each<[string, number | null]>([
  ['2026-11-22', new Date(2026, 10, 22).getTime()],
  ['20261122', new Date(2026, 10, 22).getTime()],
  ['zfs-auto-snap_daily-2026-11-22-0325', new Date(2026, 10, 22, 3, 25).getTime()],
  ['2026/11/22 03:25:01 [812] sent', new Date(2026, 10, 22, 3, 25, 1).getTime()],
  ['vm-20261122032501.vbk', new Date(2026, 10, 22, 3, 25, 1).getTime()],
  ['@GMT-2026.11.22-03.25.01', Date.UTC(2026, 10, 22, 3, 25, 1)],
  ['2026-11-22T03:25:01.250Z done', Date.UTC(2026, 10, 22, 3, 25, 1)],
  ['2026-11-22T03:25:01+04:00 done', Date.UTC(2026, 10, 21, 23, 25, 1)],
  ['2026-11-22T03:25:01-02:30 done', Date.UTC(2026, 10, 22, 5, 55, 1)],
  ['1795315200', null],
  ['99920261122', null],
  ['2026-13-22', null],
  ['daily.0', null],
])('the date in %s', (text, expected) => {
  expect(dateIn(text)?.at ?? null).toBe(expected)
})

test('an age is counted from a date, also over the change of the year', async () => {
  const root = machine({ 'srv/backup/2025-12-31_2300/x': ['', 0] })
  const at = new Date(2026, 0, 1, 1).getTime()
  const settings = withDefaults(schema, { path: '/srv/backup', snapshots: true })
  const observation = await backup(settings, probeContext({ root, now: () => at }))
  expect(observation).toEqual(fresh(2))
})
