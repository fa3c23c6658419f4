import { once } from 'node:events'
import { createServer } from 'node:net'

let closedPorts = 0

/**
 * A port of the loopback on which nothing listens, nor will: it lies below the ones the system hands
 * out, in a part that another process hardly has too.
 */
export async function closedPort(): Promise<number> {
  for (;;) {
    const port = 25_000 + (process.pid % 70) * 100 + (closedPorts++ % 100)
    const server = createServer()
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') continue
      throw error
    }
    await once(server.close(), 'close')
    return port
  }
}
