import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { listen } from './loopback.ts'

/**
 * A name server on the loopback: what it answers to a question, or null for silence. By TCP it
 * does what the test lets it do.
 */
export async function nameServer(
  answer: (question: Buffer) => Buffer | null,
  byTcp?: (socket: Socket) => void,
): Promise<string> {
  for (;;) {
    const port = byTcp ? await listen(createServer(byTcp)) : 0
    const socket = createSocket('udp4')
    socket.on('message', (question, { port, address }) => {
      const bytes = answer(question)
      if (bytes) socket.send(bytes, port, address)
    })
    try {
      socket.bind(port, '127.0.0.1')
      await once(socket, 'listening')
    } catch (error) {
      socket.close()
      // A number that TCP gave away can be taken by UDP; the next one is hardly.
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') continue
      throw error
    }
    onTestFinished(() => {
      socket.close()
    })
    return `127.0.0.1:${socket.address().port}`
  }
}

const codes = { noError: 0, formatError: 1, serverFailed: 2, nameError: 3, refused: 5 } as const

/** One record for the name asked: 10.0.0.1, or the name `a.` (type, class, seconds, data). */
const records = {
  A: Buffer.from(`c00c${'0001'}000100000001${'0004'}0a000001`, 'hex'),
  PTR: Buffer.from(`c00c${'000c'}000100000001${'0003'}016100`, 'hex'),
} as const

/** The question sent back as an answer (RFC 1035), with one record or none. */
export function reply(
  question: Buffer,
  code: keyof typeof codes,
  record?: keyof typeof records,
): Buffer {
  const header = Buffer.from(question.subarray(0, 12))
  header.writeUInt16BE(0x8180 | codes[code], 2)
  header.writeUInt16BE(record ? 1 : 0, 6)
  header.writeUInt32BE(0, 8)
  const end = question.indexOf(0, 12) + 5 // the name, its closing zero, type and class
  const asked = question.subarray(12, end)
  return Buffer.concat([header, asked, ...(record ? [records[record]] : [])])
}

/** The same answer, with the server's word that its signatures are good (AD). */
export function vouched(answer: Buffer): Buffer {
  answer.writeUInt8(answer.readUInt8(3) | 0x20, 3)
  return answer
}

/** The same answer, said to be cut short (TC). */
export function cut(answer: Buffer): Buffer {
  answer.writeUInt8(answer.readUInt8(2) | 0x02, 2)
  return answer
}

/** A message as it goes by TCP: its length before it. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}
