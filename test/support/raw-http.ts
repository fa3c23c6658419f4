import { connect } from 'node:net'

/** What a server said to bytes that no HTTP client would send, and after how long it hung up. */
export type RawAnswer = {
  /** 0 when it said nothing. */
  readonly status: number
  readonly head: string
  readonly body: string
  readonly tookMs: number
}

/**
 * Sends bytes as they are and reads until the server closes, or until it has answered when the
 * connection is to be kept.
 */
export function sendRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const end = () => {
      socket.destroy()
      const [head = '', body = ''] = text.split('\r\n\r\n', 2)
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
      resolve({ status, head, body, tookMs: performance.now() - startedAt })
    }
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const [head = '', body] = text.split('\r\n\r\n', 2)
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? Number.NaN)
      if (body !== undefined && Buffer.byteLength(body) >= length) end()
    })
    socket.on('error', () => {})
    socket.once('close', end)
  })
}
