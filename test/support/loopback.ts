import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { childRunner } from '../../agent/child.ts'
import type { ProbeContext } from '../../agent/probes/probe.ts'

/**
 * Starts a server on a loopback port, a free one unless told; it ends with the test. A test that
 * runs beside others hands over its own `onFinished`.
 */
export async function listen(
  server: Server,
  port = 0,
  host = '127.0.0.1',
  onFinished = onTestFinished,
): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.listen(port, host)
  await once(server, 'listening')
  onFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port // of a TCP server
}

/** A server that says whatever the test lets it say, below any protocol. */
export function listenRaw(serve: (socket: Socket) => void): Promise<number> {
  return listen(createServer(serve))
}

/** What a probe is handed, with a real clock, the real root and a signal that stays silent. */
export function probeContext(changes: Partial<ProbeContext> = {}): ProbeContext {
  const signal = new AbortController().signal
  return { signal, now: Date.now, root: '/', kept: new Map(), run: childRunner({}), ...changes }
}
