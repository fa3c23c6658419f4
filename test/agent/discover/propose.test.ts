import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../../agent/config.ts'
import { agentName, agentYaml, proposeAgentYaml } from '../../../agent/discover/propose.ts'
import { said } from '../../../agent/language.ts'
import { probes } from '../../../agent/probes/all.ts'
import { dayMs } from '../../../protocol/time.ts'
import { makeCertificate } from '../../support/certificates.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { fakeSystem, tcpTable } from '../../support/fake-system.ts'
import { expectFile } from '../../support/golden.ts'
import { probeContext } from '../../support/loopback.ts'
import { listenLow } from '../../support/low-port.ts'
import { nameServer, reply } from '../../support/name-server.ts'
import { ntpReply, ntpServer } from '../../support/ntp-server.ts'

const options = { collector: 'https://istimrar.example', name: 'web-1' }

const machine = {
  'proc/uptime': '1067.13 2060.17\n',
  'proc/meminfo': 'MemTotal: 1000 kB\nMemAvailable: 600 kB\n',
  'proc/stat': 'cpu  100 0 100 800 0 0 0 0 0 0\n',
  'run/systemd/system/': '',
  'sys/fs/cgroup/system.slice/nginx.service/cgroup.events': 'populated 1\n',
  'sys/fs/cgroup/system.slice/docker.service/cgroup.events': 'populated 1\n',
  'etc/systemd/system/multi-user.target.wants/nginx.service': '',
  'proc/self/mountinfo': [
    '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
    '28 27 254:16 / /var/lib rw,relatime shared:2 - xfs /dev/vdb rw,attr2',
    '29 27 254:32 / /archive ro,relatime - ext4 /dev/vdc ro',
    '30 27 0:21 / /run rw - tmpfs tmpfs rw',
    '',
  ].join('\n'),
  'var/lib/': '',
  'archive/': '',
  'run/': '',
}

test('proposes what works on the machine now', async () => {
  const now = Date.now()
  const names = ['portal.example']
  const certificate = makeCertificate({ names, from: now - dayMs, to: now + 90 * dayMs })
  const servers = [
    () => createServer((socket) => socket.write('SSH-2.0-OpenSSH_9.2p1\r\n')),
    () => createHttpsServer(certificate, (_, response) => response.end('hello')),
    () => createHttpServer((_, response) => response.writeHead(404).end()),
  ]
  const ports: number[] = []
  for (const server of servers) ports.push(await listenLow(server, (ports.at(-1) ?? 24_000) + 1))
  const table = tcpTable(ports.map((port) => ['00000000', port]))
  const timePort = await ntpServer((question) => [ntpReply(question)])
  const chrony = `server 127.0.0.1 port ${timePort} iburst\n`
  const root = fakeRoot({ ...machine, 'proc/net/tcp': table, 'etc/chrony/chrony.conf': chrony })
  const resolver = await nameServer((question) =>
    question.includes('localhost') ? reply(question, 'noError', 'A') : reply(question, 'nameError'),
  )
  const text = await proposeAgentYaml(options, fakeSystem(root, { resolver, patience: 10 }))

  const shown = ['SSH', 'HTTPS', 'HTTP'].reduce(
    (shown, label, index) => shown.replaceAll(String(ports[index]), `<${label} port>`),
    text.replaceAll(resolver, '<name server>').replaceAll(`${timePort}`, '<NTP port>'),
  )
  expectFile('test/golden/agent.yaml', shown)

  for (const { check, kind, settings } of readConfig(text, 'agent.yaml').checks) {
    // An earlier look at processors that stand still here.
    const kept = new Map([['times', { total: 0, idle: 0 }]])
    const observation = await probes[kind].probe(settings, probeContext({ root, kept }))
    expect(observation, check).toMatchObject({ state: 'up' })
  }
})

test('leaves out, as a comment, a name server that does not answer', async () => {
  const resolver = await nameServer((question) => reply(question, 'serverFailed'))
  const text = await proposeAgentYaml(options, fakeSystem(fakeRoot(machine), { resolver }))
  expect(text).toContain('  # - name: dns\n  #   kind: dns\n')
  const checks = readConfig(text, 'agent.yaml').checks.map(({ check }) => check)
  expect(checks).toEqual([
    ...['host', 'memory', 'cpu', 'disk-root', 'disk-archive', 'disk-var-lib', 'service-nginx'],
  ])
})

test('writes any text so that it is read back as it is', () => {
  const title = { ar: 'قرص', en: 'A\ndisk' }
  const settings = { path: '/a: b # c\n"d"', list: ['200-399', 404, 'true', ''] }
  const proposal = { name: 'disk', kind: 'disk', settings, comment: said(title) } as const
  const text = agentYaml({ ...options, intervalSeconds: 15 }, [proposal])
  const check = { name: 'disk', kind: 'disk', interval: '15s', ...settings }
  const head = { apiVersion: 'istimrar.agent/v1', ...options }
  expect(parse(text)).toEqual({ ...head, checks: [check] })
})

test.each([
  ['WEB-1.ministry.example', 'web-1'],
  ['web_1', 'web-1'],
  ['خادم', 'agent'],
  ['', 'agent'],
])('the agent of host "%s" is named %s', (hostName, name) => {
  expect(agentName(fakeSystem('/', { hostName }))).toBe(name)
})
