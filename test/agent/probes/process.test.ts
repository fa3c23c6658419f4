import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { processProbe, settings as schema } from '../../../agent/probes/process.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { windowsProcess } from '../../../agent/probes/windows-process.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { probeContext } from '../../support/loopback.ts'
import { openFiles } from '../../support/open-files.ts'

const settings = (given: object) => withDefaults(schema, { ...given })

/** /proc with a process for each [id, name, state]. */
function processes(...all: [number, string, string][]): Record<string, string> {
  const files = all.flatMap(([id, name, state]) => [
    [`proc/${id}/comm`, `${name}\n`],
    [`proc/${id}/stat`, `${id} (${name}) ${state} 1 ${id} 0 0\n`],
  ])
  return Object.fromEntries([['proc/uptime', '1 1'], ...files])
}

describe.runIf(process.platform === 'linux')('process', () => {
  const machine = processes(
    [1, 'systemd', 'S'],
    [20, 'nginx', 'S'],
    [21, 'nginx', 'R'],
    [22, 'nginx) Z (x', 'S'],
    [30, 'cron', 'Z'],
    [40, 'networkd-dispat', 'S'],
    [50, 'خادم', 'S'],
  )

  test.each<[string, object, object]>([
    ['two run', { program: 'nginx' }, { state: 'up' }],
    ['none runs', { program: 'apache2' }, { state: 'down', reason: 'not_running' }],
    ['a name that only begins alike', { program: 'ngin' }, { reason: 'not_running' }],
    ['it has ended, but its parent has not asked', { program: 'cron' }, { reason: 'not_running' }],
    ['a name with brackets', { program: 'nginx) Z (x' }, { state: 'up' }],
    ['a name longer than the kernel keeps', { program: 'networkd-dispatcher' }, { state: 'up' }],
    ['an Arabic name', { program: 'خادم' }, { state: 'up' }],
    ['too few', { program: 'nginx', countMin: 3 }, { state: 'down', reason: 'too_few' }],
    ['too many', { program: 'nginx', countMax: 1 }, { state: 'degraded', reason: 'too_many' }],
    ['as many as allowed', { program: 'nginx', countMin: 2, countMax: 2 }, { state: 'up' }],
  ])('%s', async (_name, given, expected) => {
    const root = fakeRoot(machine)
    expect(await processProbe(settings(given), probeContext({ root }))).toMatchObject(expected)
  })

  test.each([
    ['it may not see others', processes([20, 'nginx', 'S'])],
    ['there is no /proc', {}],
  ])('makes no observation when %s', async (_name, files) => {
    const context = probeContext({ root: fakeRoot(files) })
    await expect(async () =>
      processProbe(settings({ program: 'nginx' }), context),
    ).rejects.toThrow()
  })

  test('the checks of a round share one walk, the next round walks again', async () => {
    const root = fakeRoot(machine)
    let at = 0
    const context = probeContext({ root, now: () => at })
    const look = (program: string) =>
      processProbe(settings({ program }), { ...context, kept: new Map() })
    expect(await look('nginx')).toEqual({ state: 'up' })
    writeFileSync(join(root, 'proc/20/comm'), 'renamed\n')
    writeFileSync(join(root, 'proc/20/stat'), '20 (renamed) S 1 20 0 0\n')
    at = 999
    expect(await look('renamed')).toMatchObject({ state: 'down' })
    at = 1_000
    expect(await look('renamed')).toEqual({ state: 'up' })
    rmSync(join(root, 'proc/20'), { recursive: true })
    expect(await look('renamed')).toMatchObject({ reason: 'not_running' })
  })

  test('a process that was seen counts only while it is alive and has the name', async () => {
    const root = fakeRoot(processes([1, 'systemd', 'S'], [20, 'nginx', 'S']))
    let at = 0
    const context = probeContext({ root, now: () => at })
    const look = async () => {
      at += 60_000
      return processProbe(settings({ program: 'nginx' }), context)
    }
    expect(await look()).toEqual({ state: 'up' })
    rmSync(join(root, 'proc/1'), { recursive: true }) // no walk would succeed any more
    expect(await look()).toEqual({ state: 'up' })
    for (const stat of ['20 (nginx) Z 1 20 0 0\n', '20 (cron) S 1 20 0 0\n']) {
      writeFileSync(join(root, 'proc/20/stat'), stat)
      await expect(look()).rejects.toThrow('may not see')
    }
  })

  test('one that cannot be asked is not said to be down, and leaves no file open', async () => {
    const seen = processes([1, 'systemd', 'S'], [20, 'nginx', 'S'])
    // As where memory or files ran out: what is wrong is this process, and not that one.
    const root = fakeRoot({ ...seen, 'proc/21/comm': 'nginx\n', 'proc/21/stat/': '' })
    const look = async () => processProbe(settings({ program: 'nginx' }), probeContext({ root }))
    await expect(look()).rejects.toThrow('EISDIR')
    expect(openFiles().filter((each) => each.startsWith(root))).toEqual([])
  })

  test('finds a program of this very machine', async () => {
    const program = readFileSync('/proc/self/comm', 'utf8').trimEnd()
    expect(await processProbe(settings({ program }), probeContext())).toEqual({ state: 'up' })
  })

  test('a real process that ends is down at the next look, and leaves no file open', async () => {
    const program = 'slept-upon'
    const file = join(fakeRoot({}), program)
    copyFileSync('/bin/sleep', file)
    const child = spawn(file, ['600'])
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child, 'spawn')
    let at = 0
    const context = probeContext({ now: () => at })
    const look = () => {
      at += minuteMs
      return processProbe(settings({ program }), context)
    }
    const open = () => openFiles().filter((each) => each.startsWith(`/proc/${child.pid}/`)).length
    expect([await look(), await look()]).toEqual([{ state: 'up' }, { state: 'up' }])
    expect(open()).toBe(1)
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
    expect(await look()).toMatchObject({ reason: 'not_running' })
    expect(open()).toBe(0)
  })
})

describe('windowsProcess', () => {
  // In the form of `tasklist /FO CSV /NH`: name, id, session, its number, memory.
  const answer = [
    '"nginx.exe","4120","Services","0","9,124 K"',
    '"nginx.exe","4188","Services","0","11,812 K"',
    '',
  ].join('\r\n')
  const none = 'INFO: No tasks are running which match the specified criteria.\r\n'
  const said = (stdout: string, status = 0) => ({
    signal: new AbortController().signal,
    run: async () => ({ status, stdout, stderr: '', aborted: false }),
  })

  test.each([
    ['nginx', answer, 2],
    ['Nginx.EXE', answer, 2],
    ['nginx', none, 0],
    ['gin', answer, 0],
  ])('%s', async (name, stdout, count) => {
    expect(await windowsProcess(name, said(stdout))).toBe(count)
  })

  test('makes no observation when tasklist fails', async () => {
    await expect(windowsProcess('nginx', said('', 1))).rejects.toThrow('tasklist')
  })
})
