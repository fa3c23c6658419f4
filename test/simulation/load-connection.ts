import { Agent, request } from 'node:http'
import { secondMs } from '../../protocol/time.ts'
import type { Exchange, Reply } from './simulated-agent.ts'

/** As long as the real agent waits for an answer. */
const timeoutMs = 15 * secondMs
/** Agents that share one address: a collector limits how many sockets one may hold. */
const agentsPerAddress = 100

/**
 * One agent's connection to a collector on this machine: kept open, one request at a time, from an
 * address of 127.0.0.0/8 so that thousands of agents do not all come from one host.
 */
export function openConnection(url: string, index: number): { exchange: Exchange; close(): void } {
  const { hostname, port } = new URL(url)
  const group = 1 + Math.floor(index / agentsPerAddress)
  const localAddress = `127.1.${group >> 8}.${group & 255}`
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const exchange: Exchange = (path, jws) => {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const headers = { 'content-type': 'application/jose', 'content-length': jws.length }
    const options = { agent, hostname, port, localAddress, path, method: 'POST', headers }
    const sent = request({ ...options, timeout: timeoutMs }, (response) => {
      let body = ''
      response.setEncoding('latin1')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('error', reject)
      response.on('end', () => {
        const retryAfter = response.headers['retry-after'] ?? null
        resolve({ status: response.statusCode ?? 0, body, retryAfter })
      })
    })
    sent.on('timeout', () => sent.destroy(new Error('No answer in time.')))
    sent.on('error', reject)
    sent.end(jws)
    return promise
  }
  return { exchange, close: () => agent.destroy() }
}
