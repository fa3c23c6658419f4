import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Run } from '../../../agent/child.ts'
import { noHistory } from '../../../agent/facts/history.ts'
import { openFactHost } from '../../../agent/facts/host.ts'
import { fakeFactHost } from '../../support/fact-host.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { windowsReport } from '../../support/windows-report.ts'

test('files are read whole or from their end, and what is not there is null', () => {
  const { read, tail, list, has, modified } = fakeFactHost({
    files: { 'var/log/x': 'one two three', 'etc/empty/': '' },
    modified: { '/var/log/x': 42 },
  })
  expect(read('/var/log/x')).toBe('one two three')
  expect(tail('/var/log/x', 5)?.toString()).toBe('three')
  expect(tail('/var/log/x', 500)?.toString()).toBe('one two three')
  expect(list('/var/log')).toEqual(['x'])
  expect(has('/etc/empty')).toBe(true)
  expect(modified('/var/log/x')).toBe(42)
  expect([read('/none'), read('/etc/empty'), tail('/none', 1), modified('/none')]).toEqual(
    Array(4).fill(null),
  )
  expect(list('/none')).toEqual([])
})

test('a file of a size that is not told is read to its end', () => {
  const { read, tail } = machine('/')
  expect(read('/proc/self/status')).toMatch(/^Name:[\s\S]*nonvoluntary_ctxt_switches/)
  expect(tail('/dev/zero', 10)).toBeNull()
})

test('a pipe that nobody writes to does not keep anybody waiting', () => {
  const root = fakeRoot({ 'var/': '' })
  execFileSync('mkfifo', [join(root, 'var/pipe')])
  expect(machine(root).read('/var/pipe')).toBeNull()
})

test('what this user may not read names the permission', () => {
  const { read } = fakeFactHost({ files: { 'var/log/wtmp': '' }, forbidden: ['/var/log/wtmp'] })
  expect(() => read('/var/log/wtmp')).toThrow(
    expect.objectContaining({
      reason: 'no_permission',
      permission: 'read access to /var/log/wtmp',
    }),
  )
})

test('a command is asked once; one that is not there says nothing', async () => {
  const asked: string[] = []
  const run: Run = async ({ file }) => {
    asked.push(file)
    if (file === 'gone') throw new Error('spawn ENOENT')
    const status = file === 'killed' ? null : 3
    return { status, stdout: 'said', stderr: '', aborted: false }
  }
  const { ask } = machine(fakeRoot({}), run)
  const said = ['here', 'here', 'gone', 'killed'].map((file) => ask({ file, args: [] }))
  expect(await Promise.all(said)).toEqual([
    { status: 3, stdout: 'said' },
    { status: 3, stdout: 'said' },
    null,
    null,
  ])
  expect(asked).toEqual(['here', 'gone', 'killed'])
})

test('PowerShell is asked only on Windows', async () => {
  const report = windowsReport('server-2022')
  await expect(fakeFactHost({ report }).windows()).rejects.toMatchObject({
    reason: 'not_supported',
  })
  expect(await fakeFactHost({ report, platform: 'win32' }).windows()).toEqual(report)
})

const noChild: Run = async () => {
  throw new Error('No child is expected.')
}

function machine(root: string, run = noChild) {
  return openFactHost({
    ...{ root, run, platform: 'linux', now: 0, uptimeMs: 0, history: noHistory },
    ...{ kept: new Map(), config: { checks: [], facts: { everyMs: 1, exclude: [] } } },
  })
}
