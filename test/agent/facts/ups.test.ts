import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { upsFactAt } from '../../../agent/facts/ups.ts'
import { closedPort } from '../../support/closed-port.ts'
import type { FactHostParts } from '../../support/fact-host.ts'
import { listenRaw } from '../../support/loopback.ts'
import { readFact } from '../../support/read-fact.ts'

type Serve = (socket: Socket) => void

/** Network UPS Tools as its protocol says (RFC 9271): names, and how long each lasts. */
function nut(supplies: Record<string, string | null>): Serve {
  return (socket) => {
    socket.on('data', (bytes) => {
      const [, name] = /^GET VAR (\S+) battery\.runtime\n$/.exec(bytes.toString()) ?? []
      if (name === undefined) {
        const list = Object.keys(supplies).map((each) => `UPS ${each} "In the cellar"\n`)
        socket.write(['BEGIN LIST UPS\n', ...list, 'END LIST UPS\n'].join(''))
        return
      }
      const seconds = supplies[name]
      socket.write(
        seconds ? `VAR ${name} battery.runtime "${seconds}"\n` : 'ERR VAR-NOT-SUPPORTED\n',
      )
    })
  }
}

/** A record of apcupsd as `man apcaccess` shows it, behind its length. */
const records = (...lines: string[]) =>
  Buffer.concat([
    ...lines.map((line) =>
      Buffer.concat([Buffer.of(0, line.length + 1), Buffer.from(`${line}\n`)]),
    ),
    Buffer.of(0, 0),
  ])
const status = [
  'APC      : 001,027,0666',
  'UPSNAME  : ups-1',
  'STATUS   : ONLINE ',
  'BCHARGE  : 100.0 Percent',
  'TIMELEFT :  37.5 Minutes',
]
const apcupsd =
  (bytes: Buffer): Serve =>
  (socket) => {
    socket.once('data', (asked: Buffer) => {
      if (!asked.equals(Buffer.from('\0\u0006status'))) return socket.destroy()
      // In two pieces, as a network may deliver it.
      socket.write(bytes.subarray(0, 33))
      return setImmediate(() => socket.write(bytes.subarray(33)))
    })
  }

async function read(serves: { nut?: Serve; apcupsd?: Serve }, parts: FactHostParts = {}) {
  const at = (serve?: Serve) => (serve ? listenRaw(serve) : closedPort())
  const ports = { nut: await at(serves.nut), apcupsd: await at(serves.apcupsd) }
  return (await readFact(upsFactAt(ports), parts))['ups.runtime_minutes']
}

describe('ups', () => {
  const virtual = { files: { 'sys/class/dmi/id/sys_vendor': 'QEMU\n' } }
  const cloud = { files: { 'sys/class/dmi/id/sys_vendor': 'Amazon EC2\n' } }
  test.each<[string, { nut?: Serve; apcupsd?: Serve }, FactHostParts, object]>([
    ['NUT', { nut: nut({ a: '1800' }) }, {}, { value: 30, method: 'nut', detail: '1 UPS' }],
    [
      'of two the shorter',
      { nut: nut({ a: '1800', b: '600' }) },
      {},
      { value: 10, detail: '2 UPS' },
    ],
    [
      'one that tells no time',
      { nut: nut({ a: null }) },
      {},
      { missing: 'not_known', method: 'nut' },
    ],
    ['NUT without any', { nut: nut({}) }, {}, { missing: 'no_tool' }],
    ['apcupsd', { apcupsd: apcupsd(records(...status)) }, {}, { value: 37.5, method: 'apcupsd' }],
    [
      'apcupsd that lost its supply',
      { apcupsd: apcupsd(records('STATUS   : COMMLOST ', 'BCHARGE  : N/A   ')) },
      {},
      { missing: 'not_known' },
    ],
    ['nobody', {}, {}, { missing: 'no_tool' }],
    ['a virtual machine', {}, virtual, { missing: 'virtual_machine' }],
    ['a cloud', {}, cloud, { missing: 'in_cloud' }],
    ['another system', {}, { platform: 'darwin', isGuest: true }, { missing: 'virtual_machine' }],
    ['a virtual machine that is told', { nut: nut({ a: '1800' }) }, virtual, { value: 30 }],
    [
      'another program',
      { nut: (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n') },
      {},
      { missing: 'no_tool' },
    ],
    [
      'one that hangs up',
      { nut: (socket) => socket.end(), apcupsd: (socket) => socket.destroy() },
      {},
      { missing: 'no_tool' },
    ],
    [
      'one that never says a word',
      { nut: () => {}, apcupsd: () => {} },
      {},
      { missing: 'no_tool' },
    ],
    [
      'one that never ends',
      { nut: (socket) => socket.write('x'.repeat(200_000)) },
      {},
      { missing: 'no_tool' },
    ],
  ])('%s', async (_name, serves, parts, expected) => {
    expect(await read(serves, parts)).toMatchObject(expected)
  })
})
