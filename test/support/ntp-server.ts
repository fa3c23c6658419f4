import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** What an answer says beside the usual: a healthy server whose clock is right. */
export type NtpSaid = {
  readonly offsetMs?: number
  readonly leap?: number
  readonly mode?: number
  readonly stratum?: number
  /** Four letters in place of the server's own source of time. */
  readonly code?: string
  readonly origin?: Buffer
  readonly sentAt?: number
  /** What the right clock shows, this machine's unless given. */
  readonly now?: number
}

/** An answer of an NTP server to a question (RFC 5905 §7.3). */
export function ntpReply(question: Buffer, said: NtpSaid = {}): Buffer {
  const { offsetMs = 0, leap = 0, mode = 4, stratum = 2, code = 'LOCL' } = said
  const bytes = Buffer.alloc(48)
  bytes[0] = (leap << 6) | (4 << 3) | mode
  bytes[1] = stratum
  bytes.write(code, 12, 'latin1')
  bytes.set(said.origin ?? question.subarray(40, 48), 24)
  const now = (said.now ?? Date.now()) + offsetMs
  writeTime(bytes, 32, now)
  writeTime(bytes, 40, said.sentAt ?? now)
  return bytes
}

function writeTime(bytes: Buffer, at: number, ms: number): void {
  const seconds = ms / 1_000 + 2_208_988_800
  bytes.writeUInt32BE(Math.floor(seconds) % 2 ** 32, at)
  bytes.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), at + 4)
}

/** An NTP server on the loopback: the packets it sends back for a question, one after the other. */
export async function ntpServer(answer: (question: Buffer) => readonly Buffer[]): Promise<number> {
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    for (const bytes of answer(question)) socket.send(bytes, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => {
    socket.close()
  })
  return socket.address().port
}
