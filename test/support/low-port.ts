import type { Server } from 'node:net'
import { onTestFinished } from 'vitest'
import { listen } from './loopback.ts'

/**
 * Starts a server on a free port below the ones the system hands out, the first at or after
 * `from`: services that last live there.
 */
export async function listenLow(
  server: () => Server,
  from: number,
  onFinished = onTestFinished,
): Promise<number> {
  for (let port = from; port < from + 100; port++) {
    try {
      return await listen(server(), port, '127.0.0.1', onFinished)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    }
  }
  throw new Error(`No port is free from ${from} on.`)
}
