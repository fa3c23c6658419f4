import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { addressList, limitSockets } from '../../collector/sockets.ts'
import { listen } from '../support/loopback.ts'

/** A server with the limit, and so many connections to it at once; answers how many stay open. */
async function connectTo(server: Server, count: number) {
  const port = await listen(server)
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  const fates = await Promise.all(sockets.map(fateOf))
  return { port, sockets, open: fates.filter((fate) => fate === 'open').length }
}

/** The server greets who may stay. */
function fateOf(socket: Socket): Promise<'open' | 'closed'> {
  return new Promise((resolve) => {
    socket.once('data', () => resolve('open'))
    socket.once('close', () => resolve('closed'))
    socket.on('error', () => {})
  })
}

/** Greets from the next turn on, when the limit has had its say. */
function greeter(): Server {
  return createServer((socket) => {
    socket.on('error', () => {})
    setImmediate(() => !socket.destroyed && socket.write('hello'))
  })
}

describe('limitSockets', () => {
  test('one address may open 200, and again when some are closed', async () => {
    const server = greeter()
    limitSockets(server, addressList([]))
    const { open, sockets, port } = await connectTo(server, 230)
    expect(open).toBe(200)
    const [leaving] = sockets.filter((socket) => !socket.destroyed)
    leaving!.end()
    await once(leaving!, 'close')
    const next = connect(port, '127.0.0.1')
    onTestFinished(() => void next.destroy())
    expect(await fateOf(next)).toBe('open')
  })

  test('who speaks for others may open more', async () => {
    const server = greeter()
    limitSockets(server, addressList(['loopback']), 5)
    expect((await connectTo(server, 30)).open).toBe(30)
  })
})

test.each([
  ['127.0.0.5', 'ipv4', true],
  ['::1', 'ipv6', true],
  ['10.1.2.3', 'ipv4', true],
  ['::ffff:10.1.2.3', 'ipv6', true],
  ['192.0.2.7', 'ipv4', true],
  ['192.0.2.8', 'ipv4', false],
  ['fd12::1', 'ipv6', true],
  ['2001:db8::1', 'ipv6', false],
] as const)('addressList: %s', (address, family, expected) => {
  const list = addressList(['loopback', '10.0.0.0/8', '192.0.2.7', 'fd00::/8'])
  expect(list.check(address, family)).toBe(expected)
})
