import { describe, expect, test } from 'vitest'
import { findListeners } from '../../../agent/discover/listeners.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { fakeSystem, tcpTable } from '../../support/fake-system.ts'

describe('findListeners', () => {
  test.each<[string, string, string[]]>([
    ['any address', '00000000', ['127.0.0.1']],
    ['loopback', '0100007F', ['127.0.0.1']],
    ['another loopback address', '3500007F', ['127.0.0.53']],
    ['an address of this machine', '0500000A', ['10.0.0.5']],
  ])('IPv4: %s', async (_name, address, hosts) => {
    const root = fakeRoot({ 'proc/net/tcp': tcpTable([[address, 80]]) })
    expect(await findListeners(fakeSystem(root))).toEqual([{ port: 80, hosts }])
  })

  test.each<[string, string, string[]]>([
    ['any address', '0'.repeat(32), ['127.0.0.1', '::1']],
    ['loopback', `${'0'.repeat(24)}01000000`, ['::1']],
    ['IPv4 in disguise', `${'0'.repeat(16)}FFFF00000100007F`, ['127.0.0.1']],
    ['an address of this machine', 'B80D01200000000000000000050000A0', ['2001:db8::a000:5']],
  ])('IPv6: %s', async (_name, address, hosts) => {
    const root = fakeRoot({ 'proc/net/tcp6': tcpTable([[address, 443]]) })
    expect(await findListeners(fakeSystem(root))).toEqual([{ port: 443, hosts }])
  })

  test('leaves out what is not listening and what may live on another machine', async () => {
    const established = tcpTable([['0100007F', 81]]).replace(' 0A ', ' 01 ')
    const shared = tcpTable([['0600000A', 82]])
    const both = { 'proc/net/tcp': established, 'proc/net/tcp6': shared }
    expect(await findListeners(fakeSystem(fakeRoot(both)))).toEqual([])
  })

  test('gives each port once, in order, loopback first', async () => {
    const root = fakeRoot({
      'proc/net/tcp': tcpTable([
        ['0500000A', 443],
        ['0500000A', 80],
        ['0100007F', 80],
      ]),
      'proc/net/tcp6': tcpTable([[`${'0'.repeat(24)}01000000`, 80]]),
    })
    expect(await findListeners(fakeSystem(root))).toEqual([
      { port: 80, hosts: ['127.0.0.1', '::1', '10.0.0.5'] },
      { port: 443, hosts: ['10.0.0.5'] },
    ])
  })
})
