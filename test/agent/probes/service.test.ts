import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { service } from '../../../agent/probes/service.ts'
import { windowsService } from '../../../agent/probes/windows-service.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { type FakeSystemd, fakeSystemd } from '../../support/fake-systemd.ts'
import { probeContext } from '../../support/loopback.ts'

const unit = 'lib/systemd/system/web.service'
const simple = { [unit]: '[Service]\nExecStart=/usr/bin/web\n' }
const once = { [unit]: '[Service]\nType=oneshot\n' }
const remaining = { [unit]: '[Service]\nType=oneshot\nRemainAfterExit=yes\n' }
const wants = 'etc/systemd/system/multi-user.target.wants'
const socket = {
  'lib/systemd/system/web.socket': '[Socket]\nListenStream=80\n',
  'etc/systemd/system/sockets.target.wants/web.socket': '',
}
const active = ['web.service']
const up = { state: 'up' }
const down = { state: 'down', reason: 'not_running' }

/** Does something without the rights of root, where the tests have them. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const before = process.geteuid?.()
  if (before === 0) process.seteuid?.('nobody')
  try {
    return await work()
  } finally {
    if (before === 0) process.seteuid?.(before)
  }
}

describe.runIf(process.platform === 'linux')('service', () => {
  const look = async (root: string, name = 'web') => service({ unit: name }, probeContext({ root }))

  test.each<[string, FakeSystemd, object, string?]>([
    ['has a process', { groups: { 'system.slice/web.service': true }, active, files: simple }, up],
    ['has none', { groups: { 'system.slice/web.service': false }, active, files: simple }, down],
    ['is inactive or failed', { files: simple }, down],
    ['waits to be started again', { active, files: simple }, down],
    ['runs once and remains active', { active, files: remaining }, up],
    ['ran once, remained active and was stopped', { files: remaining }, down],
    [
      'runs once, just now',
      { groups: { 'system.slice/web.service': true }, active, files: once },
      up,
    ],
    [
      'has ended and left a process behind',
      { groups: { 'system.slice/web.service': true }, files: simple },
      down,
    ],
    ['is masked', { links: { 'etc/systemd/system/web.service': '/dev/null' } }, down],
    [
      'is started by a socket, and runs',
      { groups: { 'system.slice/web.service': true }, active, files: { ...simple, ...socket } },
      up,
    ],
    [
      'has a socket, but should run anyway',
      { files: { ...simple, ...socket, [`${wants}/web.service`]: '' } },
      down,
    ],
    [
      'lies in a slice of its own',
      {
        groups: { 'apps.slice/apps-public.slice/web.service': true },
        active,
        files: { [unit]: '[Service]\nSlice=apps-public.slice\n' },
      },
      up,
    ],
    [
      'is moved to another slice by a drop-in',
      {
        groups: { 'apps.slice/web.service': true },
        active,
        files: {
          ...simple,
          'etc/systemd/system/web.service.d/slice.conf': '[Service]\nSlice=apps.slice\n',
        },
      },
      up,
    ],
    [
      'lies in a slice that cannot be told, and is active',
      { active, files: { [unit]: '[Service]\nSlice=tenant-%i.slice\n' } },
      up,
    ],
    [
      'lies in a slice that cannot be told, and is not',
      { files: { [unit]: '[Service]\nSlice=%p.slice\n' } },
      down,
    ],
    [
      'is an instance of a template',
      {
        groups: { 'system.slice/system-pg\\x2dcluster.slice/pg-cluster@16-main.service': true },
        active: ['pg-cluster@16-main.service'],
        files: { 'lib/systemd/system/pg-cluster@.service': '[Service]\n' },
      },
      up,
      'pg-cluster@16-main',
    ],
    [
      'is named by an alias',
      {
        groups: { 'system.slice/web.service': true },
        active,
        files: simple,
        links: { 'etc/systemd/system/httpd.service': '/lib/systemd/system/web.service' },
      },
      up,
      'httpd.service',
    ],
  ])('%s', async (_name, machine, expected, name) => {
    expect(await look(fakeSystemd(machine), name)).toEqual(expected)
  })

  test.each<[string, FakeSystemd, string]>([
    ['runs once and has ended', { files: once }, 'ends'],
    ['waits for its socket', { files: { ...simple, ...socket } }, 'socket'],
    ['is not known', {}, 'no such service'],
  ])('makes no observation of a service that %s', async (_name, machine, message) => {
    await expect(look(fakeSystemd(machine))).rejects.toThrow(message)
  })

  test('makes no observation without systemd or without its control groups', async () => {
    await expect(look(fakeRoot({}))).rejects.toThrow('does not manage')
    const blind = fakeRoot({ 'run/systemd/system/': '', ...simple })
    await expect(look(blind)).rejects.toThrow('not to be seen')
  })

  test('makes no observation of what remains active where systemd keeps no links', async () => {
    const root = fakeRoot({
      'run/systemd/system/': '',
      'sys/fs/cgroup/system.slice/': '',
      ...remaining,
    })
    await expect(look(root)).rejects.toThrow('does not show')
  })

  test('a drop-in that only others may read', async () => {
    const dropIn = 'etc/systemd/system/web.service.d/secret.conf'
    const files = { ...simple, [dropIn]: '[Service]\nSlice=apps.slice\n' }
    for (const [links, expected] of [[active, up] as const, [[], down] as const]) {
      const root = fakeSystemd({ active: links, files })
      chmodSync(root, 0o755)
      chmodSync(join(root, dropIn), 0)
      expect(await asNobody(() => look(root))).toEqual(expected)
    }
  })

  const version1 = 'sys/fs/cgroup/systemd/system.slice/web.service'
  test.each<[string, Record<string, string>, object]>([
    ['a process', { [`${version1}/cgroup.procs`]: '812\n' }, up],
    [
      'a process further down',
      { [`${version1}/cgroup.procs`]: '', [`${version1}/a/b/cgroup.procs`]: '9\n' },
      up,
    ],
    ['no process', { [`${version1}/cgroup.procs`]: '', [`${version1}/a/cgroup.procs`]: '' }, down],
  ])('control groups of version 1 with %s', async (_name, groups, expected) => {
    const root = fakeRoot({ 'run/systemd/system/': '', ...simple, ...groups })
    expect(await look(root)).toEqual(expected)
  })

  test('hybrid control groups', async () => {
    const groups = { 'unified/system.slice/web.service': true }
    const root = fakeSystemd({ groups, active, files: simple })
    rmSync(join(root, 'sys/fs/cgroup/system.slice'), { recursive: true })
    expect(await look(root)).toEqual(up)
  })

  test('finds the group again, and notices that it is empty', async () => {
    const place = 'system.slice/web.service'
    const root = fakeSystemd({ groups: { [place]: true }, active, files: simple })
    const context = probeContext({ root })
    expect(await service({ unit: 'web' }, context)).toEqual(up)
    rmSync(join(root, 'lib'), { recursive: true })
    expect(await service({ unit: 'web' }, context)).toEqual(up)
    writeFileSync(join(root, 'sys/fs/cgroup', place, 'cgroup.events'), 'populated 0\n')
    await expect(service({ unit: 'web' }, context)).rejects.toThrow('no such service')
  })
})

describe('windowsService', () => {
  // In the form of `sc query`: name, type, state, what it accepts, exit codes.
  const answer = (label: string, state: string) =>
    [
      '',
      'SERVICE_NAME: W3SVC ',
      '        TYPE               : 20  WIN32_SHARE_PROCESS  ',
      `        ${label}              : ${state} `,
      '                                (STOPPABLE, PAUSABLE, ACCEPTS_SHUTDOWN)',
      '        WIN32_EXIT_CODE    : 0  (0x0)',
      '        SERVICE_EXIT_CODE  : 0  (0x0)',
      '',
    ].join('\r\n')
  const said = (stdout: string, status = 0) => ({
    signal: new AbortController().signal,
    run: async () => ({ status, stdout, stderr: '', aborted: false }),
  })

  test.each([
    ['STATE', '4  RUNNING', true],
    ['STATUS', '4  RUNNING', true],
    ['STATE', '1  STOPPED', false],
    ['STATE', '2  START_PENDING', false],
    ['STATE', '7  PAUSED', false],
  ])('%s %s', async (label, state, running) => {
    expect(await windowsService('W3SVC', said(answer(label, state)))).toEqual({ running })
  })

  test.each([
    ['no service has the name', '[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n', 1_060],
    ['access is denied', '[SC] OpenService FAILED 5:\r\n', 5],
    ['the answer is not understood', 'hello\r\n', 0],
  ])('makes no observation when %s', async (_name, text, status) => {
    await expect(windowsService('W3SVC', said(text, status))).rejects.toThrow(
      /no such service|sc could not/,
    )
  })
})
