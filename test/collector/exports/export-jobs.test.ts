import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ExportJobs, type ExportJobsOptions } from '../../../collector/exports/export-jobs.ts'
import { type ExportOrder, makeArchive } from '../../../collector/exports/make-archive.ts'
import type { ExportNews } from '../../../collector/exports/start-export.ts'
import { collectorLimits } from '../../../collector/limits.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import { dayMs, hourMs } from '../../../protocol/time.ts'
import { temporaryFolder } from '../../support/folder.ts'

const people = ['a', 'b', 'c', 'd'].map((id): Account => ({ id, role: 'auditor' }))
const [one, other] = people as [Account, Account]
const admin: Account = { id: 'admin-1', role: 'admin' }
const nation = { institution: null, withInstitutions: false, cycle: null, window: null }
const sha256 = '0'.repeat(64)
const made = { bytes: 7, sha256, leaves: 3, window: { from: 0, to: 1 } }

/** Exports that end when a test says so; what each leaves on the disk is what a real one would. */
class Desk {
  readonly folder: string
  at = 1_800_000_000_000
  readonly started: { order: ExportOrder; tell: (news: ExportNews) => void }[] = []
  readonly stopped: string[] = []
  readonly acts: object[] = []
  readonly timers = new Map<() => void, number>()
  noting: Promise<void> = Promise.resolve()

  constructor() {
    const folder = temporaryFolder()
    onTestFinished(() => folder[Symbol.dispose]())
    this.folder = folder.file('exports')
  }

  open(more: Partial<ExportJobsOptions> = {}): ExportJobs {
    return new ExportJobs({
      ...{ folder: this.folder, database: 'none', logKey: 'none', simulated: false },
      now: () => this.at,
      timer: (delayMs, action) => {
        this.timers.set(action, this.at + delayMs)
        return () => this.timers.delete(action)
      },
      start: (order, tell) => {
        mkdirSync(join(this.folder, `${order.id}.set.partial`))
        writeFileSync(join(this.folder, `${order.id}.tar.gz.partial`), 'half')
        this.started.push({ order, tell })
        return async () => this.stopped.push(order.id)
      },
      access: {
        noteAccess: async (account, _kind, detail) => {
          await this.noting
          this.acts.push({ by: account.id, ...detail })
        },
      },
      isInstitution: (id) => id === 'roads',
      onError: (error) => {
        throw error
      },
      ...more,
    })
  }

  finish(news: ExportNews = { made }): void {
    const { order, tell } = this.started.at(-1)!
    rmSync(join(this.folder, `${order.id}.set.partial`), { recursive: true, force: true })
    rmSync(join(this.folder, `${order.id}.tar.gz.partial`), { force: true })
    if ('made' in news) writeFileSync(join(this.folder, `${order.id}.tar.gz`), 'archive')
    tell(news)
  }

  files(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).sort() : []
  }

  pass(ms: number): void {
    this.at += ms
    for (const [action, at] of [...this.timers]) {
      if (at > this.at) continue
      this.timers.delete(action)
      action()
    }
  }
}

const refusal = (rule: string) => expect.objectContaining({ detail: { rule } })

describe('the queue', () => {
  test('makes one at a time, in the order asked for, and tells how far it is', async () => {
    const desk = new Desk()
    const jobs = desk.open()
    const first = await jobs.ask(one, nation)
    const second = await jobs.ask(other, { ...nation, institution: 'roads' })
    expect([first.state, second.state]).toEqual(['running', 'waiting'])
    desk.started[0]!.tell({ done: 1_000, all: 4_000 })
    expect(jobs.get(other, first.id)).toMatchObject({ done: 1_000, all: 4_000, own: false })
    desk.finish()
    expect(desk.started.map(({ order }) => order.institution)).toEqual(['national', 'roads'])
    expect(
      jobs
        .list(one)
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['done', 'running'])
    await jobs.close()
  })

  test('has room for so many of an account, and for so many in all', async () => {
    const desk = new Desk()
    const jobs = desk.open({ limits: { ...collectorLimits, exportsOpenMax: 7 } })
    const asked = people.flatMap((account) => [1, 2, 3].map(() => account))
    const answers = await Promise.allSettled(asked.map((account) => jobs.ask(account, nation)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(7)
    const reasons = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(new Set(reasons.map(({ detail }) => detail.rule))).toEqual(new Set(['open']))
    await expect(jobs.ask(one, nation)).rejects.toEqual(refusal('own_open'))
    expect(desk.acts).toHaveLength(7)
    await jobs.close()
  })

  test('keeps an archive for a day', async () => {
    const desk = new Desk()
    const jobs = desk.open()
    const { id } = await jobs.ask(one, nation)
    desk.finish()
    expect(jobs.get(one, id)).toMatchObject({ state: 'done', expiresAt: desk.at + dayMs })
    desk.pass(dayMs - 1)
    expect(desk.files()).toEqual([`${id}.json`, `${id}.tar.gz`].sort())
    desk.pass(10 * 60_000)
    expect(desk.files()).toEqual([])
    expect(jobs.list(one)).toEqual([])
    await jobs.close()
  })

  test('gives up what takes too long, and goes on with the next', async () => {
    const desk = new Desk()
    const jobs = desk.open()
    const { id } = await jobs.ask(one, nation)
    const next = await jobs.ask(one, nation)
    desk.pass(hourMs)
    expect(jobs.get(one, id)).toMatchObject({ state: 'failed', failure: 'too_long' })
    expect(jobs.get(one, next.id).state).toBe('running')
    expect(desk.stopped).toEqual([id])
    // What comes too late changes nothing.
    desk.started[0]!.tell({ made })
    expect(jobs.get(one, id).state).toBe('failed')
    await jobs.close()
  })

  test('is closed once what was given up has let go of its files', async () => {
    const desk = new Desk()
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
    const start = (order: ExportOrder) => {
      writeFileSync(join(desk.folder, `${order.id}.tar.gz.partial`), 'half')
      return () => stopped
    }
    const jobs = desk.open({ start })
    const { id } = await jobs.ask(one, nation)
    jobs.remove(one, id)
    let isClosed = false
    const closed = jobs.close().then(() => {
      isClosed = true
    })
    writeFileSync(join(desk.folder, `${id}.tar.gz.partial`), 'written until it stops')
    await new Promise((resolve) => setImmediate(resolve))
    expect(isClosed).toBe(false)
    stop()
    await closed
    expect(desk.files()).toEqual([])
  })

  test('removes what is given up while it is made, and all its files', async () => {
    const desk = new Desk()
    const jobs = desk.open()
    const { id } = await jobs.ask(one, nation)
    expect(() => jobs.remove(other, id)).toThrow()
    jobs.remove(admin, id)
    await jobs.close()
    expect([desk.stopped, desk.files()]).toEqual([[id], []])
  })
})

describe('a restart', () => {
  /** Leaves a folder as a collector does that was killed: one done, one under way, one waiting. */
  async function killed(desk: Desk) {
    const jobs = desk.open()
    const done = await jobs.ask(one, nation)
    desk.finish()
    const running = await jobs.ask(one, nation)
    const waiting = await jobs.ask(other, nation)
    return { done, running, waiting }
  }

  test('keeps what is done, says what was interrupted, goes on with what waited', async () => {
    const desk = new Desk()
    const { done, running, waiting } = await killed(desk)
    const jobs = desk.open()
    expect(jobs.get(one, done.id)).toMatchObject({ state: 'done', archive: { bytes: 7 } })
    const interrupted = { state: 'failed', failure: 'interrupted', archive: null }
    expect(jobs.get(one, running.id)).toMatchObject(interrupted)
    expect(jobs.get(one, waiting.id).state).toBe('running')
    expect(desk.files().filter((name) => name.startsWith(running.id))).toEqual([
      `${running.id}.json`,
    ])
    await jobs.close()
  })

  test('believes no file that it did not write, and touches none that is not its own', async () => {
    const desk = new Desk()
    const { done } = await killed(desk)
    const alien = 'a'.repeat(32)
    const strange = { ...{ id: '../../x', state: 'done' }, archive: null }
    writeFileSync(join(desk.folder, `${alien}.json`), JSON.stringify(strange))
    writeFileSync(join(desk.folder, `${'b'.repeat(32)}.json`), '{"id":')
    writeFileSync(join(desk.folder, `${'c'.repeat(32)}.tar.gz`), 'of nobody')
    writeFileSync(join(desk.folder, 'README'), 'kept')
    const jobs = desk.open()
    expect(jobs.list(admin)).toHaveLength(3)
    const left = desk.files().filter((name) => /^([abc])\1{31}/.test(name))
    expect([left, desk.files().includes('README')]).toEqual([[], true])
    expect(jobs.get(one, done.id).state).toBe('done')
    await jobs.close()
  })

  test('that is orderly leaves nothing half-done either', async () => {
    const desk = new Desk()
    const jobs = desk.open()
    const { id } = await jobs.ask(one, nation)
    await jobs.close()
    expect([desk.stopped, desk.files()]).toEqual([[id], [`${id}.json`]])
    expect(desk.open().get(one, id).failure).toBe('interrupted')
  })
})

describe('a disk without room', () => {
  test('is said at once, and nothing is noted or written', async () => {
    const desk = new Desk()
    const limits = { ...collectorLimits, exportFreeBytesMin: Number.MAX_SAFE_INTEGER }
    const jobs = desk.open({ limits })
    const answer = jobs.ask(one, nation)
    await expect(answer).rejects.toMatchObject({ code: 'unavailable' })
    await expect(answer).rejects.toEqual(refusal('disk_full'))
    expect([desk.acts, desk.files(), jobs.list(one)]).toEqual([[], [], []])
  })

  test('ends an export that runs, which leaves nothing behind', async () => {
    const desk = new Desk()
    mkdirSync(desk.folder)
    const database = join(desk.folder, 'collector.db')
    await sqliteStore(database).close()
    const order: ExportOrder = {
      ...{ database, logKey: 'none', folder: desk.folder, id: 'a'.repeat(32) },
      ...{ institution: 'roads', window: null, now: desk.at, simulated: false },
      ...{ withInstitutions: false, bytesMax: Number.MAX_SAFE_INTEGER },
      freeBytesMin: Number.MAX_SAFE_INTEGER,
    }
    await expect(makeArchive(order, () => {})).rejects.toEqual(refusal('disk_full'))
    expect(desk.files().filter((name) => name.startsWith('aaa'))).toEqual([])
    const jobs = desk.open()
    const { id } = await jobs.ask(one, nation)
    desk.finish({ failure: 'disk_full', error: new Error('ENOSPC') })
    expect(jobs.get(one, id)).toMatchObject({ state: 'failed', failure: 'disk_full' })
    expect(desk.files().filter((name) => name.startsWith(id))).toEqual([`${id}.json`])
    await jobs.close()
  })
})

describe('downloads', () => {
  test('have so many places, in all and for an account; one that is cut gives its back', async () => {
    const desk = new Desk()
    const limits = { ...collectorLimits, downloadsMax: 3, downloadsPerAccountMax: 2 }
    const jobs = desk.open({ limits })
    const { id } = await jobs.ask(one, nation)
    await expect(jobs.download(one, id)).rejects.toMatchObject({ code: 'conflict' })
    desk.finish()
    const first = await jobs.download(one, id)
    const second = await jobs.download(one, id)
    await expect(jobs.download(one, id)).rejects.toEqual(refusal('downloads'))
    const third = await jobs.download(other, id)
    await expect(jobs.download(admin, id)).rejects.toEqual(refusal('downloads'))
    first.stream.destroy()
    await new Promise((resolve) => first.stream.once('close', resolve))
    const fourth = await jobs.download(one, id)
    for (const { stream } of [second, third, fourth]) stream.destroy()
    await jobs.close()
  })

  test('begin only once they are noted: what cannot be noted does not leave', async () => {
    const desk = new Desk()
    const jobs = desk.open()
    const { id } = await jobs.ask(one, nation)
    desk.finish()
    desk.noting = Promise.reject(new Error('no disk'))
    for (let i = 0; i < 4; i++) await expect(jobs.download(one, id)).rejects.toThrow('no disk')
    await expect(jobs.ask(one, nation)).rejects.toThrow('no disk')
    desk.noting = Promise.resolve()
    const { stream } = await jobs.download(one, id)
    stream.destroy()
    expect(jobs.list(one)).toHaveLength(1)
    rmSync(join(desk.folder, `${id}.tar.gz`))
    await expect(jobs.download(one, id)).rejects.toMatchObject({ code: 'not_found' })
    await jobs.close()
  })
})
