import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a receiver was sent, and whether it could verify that. */
export type Received = {
  readonly id: string
  readonly body: string
  readonly headers: IncomingHttpHeaders
  /** By how many of its keys the signature is right, within five minutes of the clock given. */
  readonly verified: number
}

/** Answers one request: a status, or the response itself for what no status says. */
export type Reply = number | ((response: ServerResponse) => void)

/**
 * A real HTTP receiver that verifies as docs/webhooks.md says. Replies are used up one by one; then
 * it answers 204.
 */
export async function openReceiver(keys: readonly Buffer[], now: () => number) {
  const received: Received[] = []
  const replies: Reply[] = []
  let inFlight = 0
  let inFlightMax = 0
  const server = createServer(async (request, response) => {
    inFlightMax = Math.max(inFlightMax, ++inFlight)
    response.on('close', () => inFlight--)
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts).toString()
    const { headers } = request
    const verified = keys.filter((key) => isSigned(key, headers, body, now())).length
    received.push({ id: String(headers['webhook-id']), body, headers, verified })
    const reply = replies.shift() ?? 204
    if (typeof reply === 'function') reply(response)
    else response.writeHead(reply).end()
    server.emit('taken')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook/secret-path`,
    received,
    replies,
    /** The most requests that were open at once. */
    inFlightMax: () => inFlightMax,
    /** Waits until so many requests came in all. */
    until: async (count: number) => {
      while (received.length < count) await once(server, 'taken')
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function isSigned(key: Buffer, headers: IncomingHttpHeaders, body: string, now: number): boolean {
  const timestamp = String(headers['webhook-timestamp'])
  const text = `${headers['webhook-id']}.${timestamp}.${body}`
  const expected = `v1,${createHmac('sha256', key).update(text).digest('base64')}`
  const isFresh = Math.abs(now / 1_000 - Number(timestamp)) <= 300
  return isFresh && String(headers['webhook-signature']).split(' ').includes(expected)
}
