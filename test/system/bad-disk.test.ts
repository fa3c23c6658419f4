import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../collector/error.ts'
import { checkData } from '../../collector/operations/check-data.ts'
import { openData } from '../../collector/operations/open-data.ts'
import { sha256 } from '../../protocol/jws.ts'
import { damages, fold, patch } from '../support/bad-data.ts'
import { exampleFiles } from '../support/collector.ts'
import { temporaryFolder } from '../support/folder.ts'
import { rootDir, startProcess } from '../support/processes.ts'
import { mayMount, SmallDisk } from '../support/small-disk.ts'
import { leaveUsedData } from '../support/used-data.ts'

/** A collector that starts on a bad disk says what, where and what to do, and changes nothing. */

const folder = temporaryFolder()
let used: string
let count = 0

beforeAll(async () => {
  used = await leaveUsedData(folder.file('used'), 12)
})

afterAll(() => folder[Symbol.dispose]())

/** A copy of the used data, to be damaged. */
function copied(target = folder.file(`copy-${count++}`)): string {
  cpSync(used, target, { recursive: true })
  return target
}

function start(dataDir: string, options: { uid?: number } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['collector/main.ts'], {
    cwd: rootDir,
    encoding: 'utf8',
    timeout: 120_000,
    env: environment(dataDir),
    ...options,
  })
  return { status, said: stderr, listened: stdout.includes('Board:') }
}

/** Names and contents of all that must not change. */
function content(dataDir: string): string {
  const names = ['collector.db', 'collector.db-wal', 'log-key.pem']
  return names
    .map((name) => join(dataDir, name))
    .map((file) => {
      // SQLite leaves a WAL without a byte where it only looked.
      const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {}
      return size > 0 && statSync(file).isFile() ? sha256(readFileSync(file)) : 'nothing'
    })
    .join(' ')
}

/** Starts a collector that must come as far as listening, and ends it. */
async function mustListen(dataDir: string): Promise<void> {
  await using collector = startProcess(['collector/main.ts'], environment(dataDir))
  await collector.line(/Board: /)
  expect(await collector.stop()).toBe(0)
}

function environment(dataDir: string) {
  return {
    PATH: process.env.PATH ?? '',
    DATA_DIR: dataDir,
    PORT: '0',
    ISTIMRAR_REGISTER_FILE: exampleFiles.register,
    ISTIMRAR_POLICY_FILE: exampleFiles.policy,
  }
}

test('a header that is damaged is in the WAL as well: nothing is lost, it starts', async () => {
  const dir = copied()
  patch(join(dir, 'collector.db'), 3, Buffer.from('x'))
  await mustListen(dir)
  expect((await checkData(join(dir, 'collector.db'))).faults).toEqual([])
})

test.each(damages)('%s', (_name, damage, code, said) => {
  const dir = copied()
  damage(dir)
  const before = content(dir)
  const answer = start(dir)
  expect(answer.said).toMatch(said)
  // One sentence or two, not a stack.
  expect(answer.said.trim().split('\n')).toHaveLength(1)
  expect(answer.status).toBe(code)
  expect(answer.listened).toBe(false)
  expect(content(dir)).toBe(before)
})

test('a directory whose way leads through a file', () => {
  const dir = copied()
  const answer = start(join(dir, 'log-key.pem', 'data'))
  expect(answer.said).toMatch(/a part of its path is a file. Set DATA_DIR/)
  expect(answer.status).toBe(1)
})

test('data of somebody else', () => {
  const dir = copied()
  const isRoot = process.getuid?.() === 0
  if (!isRoot) chmodSync(dir, 0)
  const answer = start(dir, isRoot ? { uid: 65_534 } : {})
  if (!isRoot) chmodSync(dir, 0o700)
  expect(answer.said).toMatch(/This user may not open or make .*Give it the data: chown/)
  expect(answer.status).toBe(1)
})

test('a zeroed page: refused untouched, or found by the whole check', async () => {
  const clean = copied()
  fold(clean)
  const { size } = statSync(join(clean, 'collector.db'))
  let refused = 0
  for (let at = 0; at < size; at += 4_096) {
    const dir = folder.file('page')
    rmSync(dir, { recursive: true, force: true })
    mkdirSync(dir)
    for (const name of ['collector.db', 'log-key.pem'])
      copyFileSync(join(clean, name), join(dir, name))
    patch(join(dir, 'collector.db'), at, Buffer.alloc(4_096))
    const before = content(dir)
    const whole = await checkData(join(dir, 'collector.db')).catch((error: Error) => error)
    const faults = whole instanceof Error ? [whole.message] : whole.faults
    expect(faults.length, `page ${at / 4_096}`).toBeGreaterThan(0)
    try {
      const data = openData(dir, () => {})
      await data.store.close()
      data.unlock()
    } catch (error) {
      expect(error, `page ${at / 4_096}`).toBeInstanceOf(AppError)
      expect(content(dir)).toBe(before)
      refused++
    }
  }
  expect(refused).toBeGreaterThan(0)
})

describe('a disk of its own', () => {
  const needsMount = { skip: !mayMount() && !process.env.CI }

  test('full', needsMount, async () => {
    using disk = new SmallDisk(folder.file('full'), 16 * 1024 * 1024)
    const dir = copied(join(disk.path, 'data'))
    disk.fill()
    const before = content(dir)
    const answer = start(dir)
    expect(answer.said).toMatch(/full/)
    expect(answer.status).toBe(1)
    expect(content(dir)).toBe(before)
    disk.clear()
    await mustListen(dir)
  })

  test('full at the very first start', needsMount, async () => {
    using disk = new SmallDisk(folder.file('full-first'), 4 * 1024 * 1024)
    disk.fill()
    const answer = start(join(disk.path, 'data'))
    expect(answer.said).toMatch(/full/)
    expect(answer.status).toBe(1)
    disk.clear()
    await mustListen(join(disk.path, 'data'))
  })

  test('read-only', needsMount, () => {
    using disk = new SmallDisk(folder.file('read-only'), 16 * 1024 * 1024)
    const dir = copied(join(disk.path, 'data'))
    disk.readOnly()
    const before = content(dir)
    const answer = start(dir)
    expect(answer.said).toMatch(/read-only/)
    expect(answer.status).toBe(1)
    expect(content(dir)).toBe(before)
  })
})
