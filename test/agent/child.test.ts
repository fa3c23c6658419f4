import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { childRunner } from '../../agent/child.ts'

const never = new AbortController().signal
const run = childRunner({ ONLY: 'this' })
const node = (script: string) => ({ file: process.execPath, args: ['-e', script] })

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'child-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

/** Whether a process is there, and no zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('a child', () => {
  test('tells its status and what it said', async () => {
    const said = await run(node("console.log('out'); console.error('err'); process.exit(3)"), never)
    expect(said).toEqual({ status: 3, stdout: 'out\n', stderr: 'err\n', aborted: false })
  })

  test('sees the environment it is given, nothing of ours, and no input', async () => {
    process.env.SECRET_OF_THE_TEST = 'x'
    onTestFinished(() => {
      delete process.env.SECRET_OF_THE_TEST
    })
    const script = `process.stdin.on('data', () => {}).on('end', () => {
      console.log(JSON.stringify(process.env))
    })`
    expect(JSON.parse((await run(node(script), never)).stdout)).toEqual({ ONLY: 'this' })
  })

  test('is heard by no shell', async () => {
    const said = await run({ file: '/bin/echo', args: ['$HOME; exit 7', '`id`', '*'] }, never)
    expect(said).toMatchObject({ status: 0, stdout: '$HOME; exit 7 `id` *\n' })
  })

  test('that says too much is cut at 1 MiB of each stream, and ends all the same', async () => {
    const script = "const x = 'x'.repeat(3e6); process.stdout.write(x); process.stderr.write(x)"
    const said = await run(node(script), never)
    const mebibyte = 1024 * 1024
    expect([said.status, said.stdout.length, said.stderr.length]).toEqual([0, mebibyte, mebibyte])
  })

  test.each([
    ['is not there', '/no/such/program', 'ENOENT'],
    ['may not be run', '/etc/passwd', 'EACCES'],
  ])('that %s', async (_name, file, code) => {
    await expect(run({ file, args: [] }, never)).rejects.toMatchObject({ code })
  })

  test('ended by a signal has no status', async () => {
    const said = await run(node("process.kill(process.pid, 'SIGKILL')"), never)
    expect(said).toMatchObject({ status: null, aborted: false })
  })
})

describe('the limit of time', () => {
  test.each<[string, string]>([
    ['a child that hangs', 'exec sleep 600'],
    ['one that ignores being asked', "trap '' TERM INT HUP; while :; do sleep 600; done"],
    ['one whose own child keeps its output open', 'sleep 600 & echo $! >> "$0"; wait'],
    ['one that left another behind', 'sleep 600 & echo $! >> "$0"; exit 0'],
  ])('ends %s, its group with it', async (_name, script) => {
    const pids = join(folder(), 'pids')
    const controller = new AbortController()
    const text = `echo $$ >> "$0"; ${script}`
    const ended = run({ file: '/bin/sh', args: ['-c', text, pids] }, controller.signal)
    const started = script.includes('$!') ? 2 : 1
    const listed = () => {
      try {
        return readFileSync(pids, 'utf8').split('\n').filter(Boolean).map(Number)
      } catch {
        return []
      }
    }
    while (listed().length < started) await new Promise((resolve) => setTimeout(resolve, 5))
    controller.abort()
    expect(await ended).toMatchObject({ aborted: true })
    await Promise.all(listed().map(gone))
  })

  test('is kept also where another group holds the output open', async () => {
    const file = join(folder(), 'pid')
    const controller = new AbortController()
    const args = ['-c', 'setsid sh -c \'echo $$ > "$0"; exec sleep 600\' "$0" & exit 0', file]
    const ended = run({ file: '/bin/sh', args }, controller.signal)
    const pid = () => {
      try {
        return Number(readFileSync(file, 'utf8'))
      } catch {
        return 0
      }
    }
    while (!pid()) await new Promise((resolve) => setTimeout(resolve, 5))
    onTestFinished(() => {
      process.kill(pid(), 'SIGKILL')
    })
    controller.abort()
    expect(await ended).toMatchObject({ aborted: true })
  })

  test('that was over before is none to start in', async () => {
    const file = join(folder(), 'started')
    const asked = run({ file: '/bin/sh', args: ['-c', '> "$0"', file] }, AbortSignal.abort())
    await expect(asked).rejects.toThrow()
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })
})

describe('turns', () => {
  /** A child that says it is there and waits for a file to end. */
  function waiting(dir: string, name: string, runs = childRunner({}), signal = never) {
    const script = 'echo > "$0.began"; while [ ! -e "$1" ]; do sleep 0.02; done'
    const args = ['-c', script, join(dir, name), join(dir, 'go')]
    return runs({ file: '/bin/sh', args }, signal)
  }
  const began = (dir: string, name: string) => {
    try {
      readFileSync(join(dir, `${name}.began`))
      return true
    } catch {
      return false
    }
  }

  test('four at once, the fifth when one has ended; a child that fails gives up its place', async () => {
    const dir = folder()
    const runs = childRunner({ PATH: '/usr/bin:/bin' })
    for (let i = 0; i < 5; i += 1) {
      await expect(runs({ file: '/no/such', args: [] }, never)).rejects.toThrow('ENOENT')
    }
    const first = ['a', 'b', 'c', 'd'].map((name) => waiting(dir, name, runs))
    while (!['a', 'b', 'c', 'd'].every((name) => began(dir, name))) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const controller = new AbortController()
    const impatient = waiting(dir, 'impatient', runs, controller.signal)
    const fifth = waiting(dir, 'fifth', runs)
    controller.abort()
    await expect(impatient).rejects.toThrow('turn')
    expect(began(dir, 'fifth')).toBe(false)
    writeFileSync(join(dir, 'go'), '')
    const statuses = (await Promise.all([...first, fifth])).map(({ status }) => status)
    expect(statuses).toEqual([0, 0, 0, 0, 0])
    expect([began(dir, 'fifth'), began(dir, 'impatient')]).toEqual([true, false])
  })
})
