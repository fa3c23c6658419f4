import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** A name server on the loopback: what it answers to a question, or null for silence. */
export async function nameServer(answer: (question: Buffer) => Buffer | null): Promise<string> {
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    const bytes = answer(question)
    if (bytes) socket.send(bytes, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => {
    socket.close()
  })
  return `127.0.0.1:${socket.address().port}`
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
