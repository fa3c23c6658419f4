import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loopDevices, processesOf, tidyStale } from '../faults/leftovers.ts'
import { LoopDisk, missingForCuts } from '../faults/loop-disk.ts'
import { startProcess, until } from '../support/processes.ts'

/** What is mounted, attached or there of the rows of a process. */
function leftOf(pid: number): string[] {
  const own = join(tmpdir(), `faults-${pid}-`)
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  const devices = loopDevices().map(({ file }) => file)
  return [...[...mounts, ...devices].filter((line) => line.includes(own)), ...globSync(`${own}*`)]
}

/** The system lets a loop device go a moment after the last that held it did. */
async function untilLeft(pid: number, wanted: readonly string[]): Promise<void> {
  const isWanted = (found: readonly string[]) => found.join() === wanted.join()
  await until(async () => leftOf(pid), isWanted, 60_000)
}

test('a run that is killed leaves no mount, no device and no folder behind', async ({ skip }) => {
  skip(missingForCuts() !== null, missingForCuts() ?? '')
  await using run = startProcess(['test/faults/main.ts', 'F3', '--quick'])
  await run.line(/collector cut 1/)
  const { pid } = run.child
  expect(leftOf(pid!).length).toBeGreaterThan(2)
  run.child.kill('SIGTERM')
  expect(await run.stop('SIGTERM')).toBe(143)
  await untilLeft(pid!, [])
})

test('a run that is killed outright leaves no process and no folder either', async ({ skip }) => {
  skip(process.platform !== 'linux', 'processes are told by /proc')
  await using run = startProcess(['test/faults/main.ts', 'F12', '--quick'])
  const pid = run.child.pid!
  const started = async () => processesOf(pid)
  const [first] = await until(started, (found) => found.length >= 2, 60_000)
  // One that stands still could not notice anything by itself.
  process.kill(first!, 'SIGSTOP')
  expect(leftOf(pid).length).toBeGreaterThan(0)
  await run.stop('SIGKILL')
  const left = async () => [...processesOf(pid), ...leftOf(pid)]
  expect(await until(left, (found) => found.length === 0, 30_000)).toEqual([])
})

test('what an earlier run left is taken away; what a running one holds is not', async ({
  skip,
}) => {
  skip(missingForCuts() !== null, missingForCuts() ?? '')
  const gone = spawnSync(process.execPath, ['--version']).pid
  const folders = [gone, process.pid].map((pid) => join(tmpdir(), `faults-${pid}-left`))
  for (const folder of folders) mkdirSync(folder)
  const [, held] = folders.map((folder) => new LoopDisk(folder, 'disk', 8))
  try {
    tidyStale()
    await untilLeft(gone, [folders[0]!])
    expect(leftOf(process.pid).length).toBeGreaterThan(2)
  } finally {
    held![Symbol.dispose]()
    for (const folder of folders) rmSync(folder, { recursive: true })
  }
})
