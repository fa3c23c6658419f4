import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sqliteReader } from '../../collector/store/sqlite/sqlite.ts'
import { CollectorProcess } from '../faults/collector-process.ts'
import { type HttpExchange, httpExchange } from '../faults/exchange.ts'
import { Fleet } from '../faults/fleet.ts'
import type { SimulatedAgent } from '../simulation/simulated-agent.ts'
import { temporaryFolder } from '../support/folder.ts'
import { until } from '../support/processes.ts'
import { mustSkip } from '../support/programs.ts'
import { mayMount, SmallDisk } from '../support/small-disk.ts'
import { failing } from '../support/strace.ts'
import { delivered } from '../support/used-data.ts'

/** What a real collector does when its disk fails under it. */

let folder: ReturnType<typeof temporaryFolder>
let collector: CollectorProcess
let http: HttpExchange
let agent: SimulatedAgent

beforeEach(() => {
  folder = temporaryFolder()
})

afterEach(async () => {
  await collector[Symbol.asyncDispose]()
  http[Symbol.dispose]()
  folder[Symbol.dispose]()
})

/** A collector on a data directory, with one agent that delivered once. */
async function prepare(dataDir = folder.file('data')): Promise<void> {
  collector = await CollectorProcess.prepare(folder.path, { institutions: 1, dataDir })
  http = httpExchange(() => collector.url)
  const fleet = new Fleet({ size: 1, random: () => 0.5, exchange: http.exchange })
  agent = fleet.agents[0]!
  await collector.start()
  await fleet.enrol(await collector.tokens(1))
  seal()
  expect(await delivered(agent, http.exchange)).toBe('acked')
}

function seal(): void {
  if (agent.backlog.length === 0) agent.seal(agent.sealedAt + 1_000)
}

/** Delivers batches until the collector ends because of it. */
async function deliverToTheEnd(): Promise<void> {
  await until(
    async () => {
      if (!collector.isRunning) return
      seal()
      await agent.deliver(http.exchange)
    },
    () => !collector.isRunning,
    120_000,
  )
}

async function stored(): Promise<string[]> {
  const reader = sqliteReader(join(collector.dataDir, 'collector.db'))
  const leaves = await reader.leavesOf('ministry-1', 0, 1_000)
  await reader.close()
  return leaves.flatMap(({ message }) => (message ? [message.sha256] : []))
}

function ackedHashes(): string[] {
  return agent.acked.map(({ hash }) => hash)
}

describe('an I/O error in a commit', () => {
  const needsStrace = { skip: mustSkip('strace') }
  const wal = () => join(collector.dataDir, 'collector.db-wal')
  // The messages of these tests are the only writes to the WAL after the start.
  const breaksDuring = async (call: string, how: (first: number) => string) => {
    for (let first = 1; first < 40; first++) {
      const wrap = failing(call, how(first), [wal()])
      await collector.end('SIGTERM')
      if (await collector.start({ wrap, mayFail: true })) return
    }
    throw new Error('The fault never fell behind the start.')
  }

  test(
    'once: no acknowledgement, the process ends, nothing is tried again',
    needsStrace,
    async () => {
      await prepare()
      await breaksDuring('fsync,fdatasync', (first) => `error=EIO:when=${first}`)
      await deliverToTheEnd()
      expect(agent.backlog).toHaveLength(1)
      expect(await collector.ended()).toBe(1)
      expect(collector.output).toContain('SQLITE_IOERR_FSYNC')
      await collector.start()
      await delivered(agent, http.exchange)
      expect(await stored()).toEqual(ackedHashes())
    },
  )

  test(
    'lasting: what was stored all the same is a duplicate when it comes again',
    needsStrace,
    async () => {
      await prepare()
      await breaksDuring('fsync,fdatasync', (first) => `error=EIO:when=${first}+`)
      await deliverToTheEnd()
      expect(await collector.ended()).toBe(1)
      const waiting = agent.backlog[0]!.hash
      // Refused, and there: an error of fsync does not take back what the system has in memory.
      expect(await stored()).toContain(waiting)
      await collector.start()
      expect(await delivered(agent, http.exchange)).toBe('duplicate')
      expect(await stored()).toEqual(ackedHashes())
    },
  )
})

describe('a full disk', () => {
  const needsMount = { skip: !mayMount() && !process.env.CI }
  let disk: SmallDisk

  afterEach(() => disk[Symbol.dispose]())

  test('503 until there is room, nothing half-stored, no restart', needsMount, async () => {
    disk = new SmallDisk(folder.file('disk'), 12 * 1024 * 1024)
    await prepare(join(disk.path, 'data'))
    const { pid } = collector
    disk.fill()
    // What the WAL has room for is stored and acknowledged; then the disk is full.
    const refused = await until(
      async () => {
        seal()
        await agent.deliver(http.exchange)
        return agent.lastReply
      },
      (reply) => reply?.body.includes('cannot store') === true,
      120_000,
    )
    expect(refused?.status).toBe(503)
    expect(Number(agent.lastReply?.retryAfter)).toBeGreaterThan(0)
    expect(await stored()).toEqual(ackedHashes())
    await expect(collector.tokens(1)).rejects.toThrow('"unavailable"')
    expect(await agent.heartbeat(http.exchange, Date.now())).toBe('failed')
    expect((await fetch(`${collector.url}/healthz`)).status).toBe(200)
    disk.clear()
    expect(await delivered(agent, http.exchange)).toBe('acked')
    expect((await collector.tokens(1)).size).toBe(1)
    expect(collector.pid).toBe(pid)
    expect(await stored()).toEqual(ackedHashes())
  })
})
