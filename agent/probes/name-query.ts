import { randomInt } from 'node:crypto'
import { isIP } from 'node:net'
import { asciiHost, connectOptions, ready } from './connection.ts'

/** Types of record by their number (IANA). */
const types = {
  ...{ A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, DS: 43 },
} as const
const optType = 41

export type NameQuestion = {
  readonly name: string
  readonly record: keyof typeof types
  /** Asks the server not to check signatures (CD). */
  readonly unchecked?: boolean
}

/** What a name server said. */
export type NameAnswer = {
  /** Empty when a record of the type asked for came; else c-ares' code for what was wrong. */
  readonly code: string
  /** The server checked the signatures and vouches for the answer (AD). */
  readonly isAuthentic: boolean
}

/** Address and port of a name server. */
export type NameServer = { readonly host: string; readonly port: number }

/** From `10.0.0.53`, `10.0.0.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`. */
export function serverFrom(text: string): NameServer {
  if (isIP(text) === 6) return { host: text, port: 53 }
  const [, host = '', port = '53'] = /^(.*?)(?::(\d+))?$/.exec(text) ?? []
  const bare = asciiHost(host)
  if (isIP(bare) === 0) throw new Error('No name server is known to this host.')
  return { host: bare, port: Number(port) }
}

/** UDP loses packets: the same question again after this time, as long as the look may take. */
const againMs = 2_000
/** What an answer by UDP may weigh without being cut on its way (DNS flag day 2020). */
const udpBytes = 1_232

/**
 * Asks one name server, as RFC 1035 and 6891 say, whether it vouches for its answer (RFC 6840:
 * AD set in the question, DO in its options). By UDP, then by TCP where that is cut short. What
 * does not answer this question is not heard. Ends with the signal; throws network errors.
 */
export async function askNameServer(
  server: NameServer,
  question: NameQuestion,
  signal: AbortSignal,
): Promise<NameAnswer> {
  const asked = encode(question)
  const heard = await byUdp(server, asked, signal)
  return read(isCut(heard) ? await byTcp(server, asked, signal) : heard, question)
}

async function byUdp(server: NameServer, asked: Buffer, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted()
  const { createSocket } = process.getBuiltinModule('node:dgram')
  const socket = createSocket(isIP(server.host) === 6 ? 'udp6' : 'udp4')
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  socket.on('error', reject)
  socket.on('message', (message) => {
    if (answers(message, asked)) resolve(message)
  })
  let isOver = false
  const send = () => {
    if (!isOver) socket.send(asked, (error) => error && reject(error))
  }
  const again = setInterval(send, againMs)
  try {
    // Connected, so that the kernel drops what comes from elsewhere and tells when nobody listens.
    socket.connect(server.port, server.host, send)
    return await promise
  } finally {
    isOver = true
    clearInterval(again)
    signal.removeEventListener('abort', abort)
    socket.close()
  }
}

async function byTcp(server: NameServer, asked: Buffer, signal: AbortSignal): Promise<Buffer> {
  const { connect } = process.getBuiltinModule('node:net')
  const socket = connect({ ...connectOptions, ...server })
  const abort = () => socket.destroy(signal.reason as Error) // an AbortController's own
  try {
    await ready(socket, 'connect', signal)
    const length = Buffer.alloc(2)
    length.writeUInt16BE(asked.length)
    socket.write(Buffer.concat([length, asked]))
    signal.addEventListener('abort', abort, { once: true })
    return await readTcp(socket, asked)
  } finally {
    signal.removeEventListener('abort', abort)
    socket.destroy()
  }
}

/** One message with its length before it: at most 64 KiB, whatever the server goes on to say. */
async function readTcp(socket: AsyncIterable<Buffer>, asked: Buffer): Promise<Buffer> {
  let heard = Buffer.alloc(0)
  for await (const chunk of socket) {
    heard = Buffer.concat([heard, chunk])
    const end = heard.length < 2 ? Number.POSITIVE_INFINITY : 2 + heard.readUInt16BE(0)
    if (heard.length < end) continue
    const message = heard.subarray(2, end)
    if (!answers(message, asked)) throw coded('EBADRESP')
    return message
  }
  throw coded('ECONNRESET')
}

const headerBytes = 12
const flags = { answer: 0x8000, cut: 0x0200, recursion: 0x0100, authentic: 0x20, unchecked: 0x10 }

function encode({ name, record, unchecked = false }: NameQuestion): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt16BE(randomInt(0x10000), 0)
  const asked = flags.recursion | flags.authentic | (unchecked ? flags.unchecked : 0)
  header.writeUInt16BE(asked, 2)
  header.writeUInt16BE(1, 4) // one question
  header.writeUInt16BE(1, 10) // and one set of options
  const labels = name.replace(/\.$/, '').split('.')
  if (labels.some((label) => label.length === 0 || label.length > 63)) throw coded('ENOTFOUND')
  const written = labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`))
  // Root, type and class of the question; then the options: root, type, room, DO, no data.
  const end = Buffer.from([0, 0, types[record], 0, 1])
  const room = [udpBytes >> 8, udpBytes & 0xff]
  const options = Buffer.from([0, 0, optType, ...room, 0, 0, 0x80, 0, 0, 0])
  return Buffer.concat([header, ...written, end, options])
}

/**
 * Whether a message answers this very question: same number, same name, type and class. A server
 * that does not know options may refuse with nothing but a header.
 */
function answers(message: Buffer, asked: Buffer): boolean {
  if (message.length < headerBytes || message.readUInt16BE(0) !== asked.readUInt16BE(0))
    return false
  const said = message.readUInt16BE(2)
  const questions = message.readUInt16BE(4)
  if ((said & flags.answer) === 0) return false
  if (questions === 0) return (said & codeMask) !== 0
  const end = asked.length - 11 // the options
  const question = (bytes: Buffer) => bytes.toString('latin1', headerBytes, end).toLowerCase()
  return questions === 1 && question(message) === question(asked)
}

function isCut(message: Buffer): boolean {
  return (message.readUInt16BE(2) & flags.cut) !== 0
}

const codeMask = 0x0f
/** Names of the codes a server answers with, as c-ares has them. */
const codes = ['', 'EFORMERR', 'ESERVFAIL', 'ENOTFOUND', 'ENOTIMP', 'EREFUSED']

function read(message: Buffer, { record }: NameQuestion): NameAnswer {
  const said = message.readUInt16BE(2)
  const code = codes[said & codeMask] ?? 'EBADRESP'
  const isAuthentic = (said & flags.authentic) !== 0
  if (code !== '' || typesIn(message).has(types[record])) return { code, isAuthentic }
  return { code: 'ENODATA', isAuthentic }
}

/** Types of the records of the answer. Throws where it is malformed. */
function typesIn(message: Buffer): ReadonlySet<number> {
  const found = new Set<number>()
  try {
    let at = afterName(message, headerBytes) + 4
    for (let left = message.readUInt16BE(6); left > 0; left -= 1) {
      at = afterName(message, at)
      found.add(message.readUInt16BE(at))
      at += 10 + message.readUInt16BE(at + 8)
    }
  } catch {
    throw coded('EBADRESP') // it ends before what it announces
  }
  return found
}

/** Where a name ends: at its root, or at a pointer to the rest of it. */
function afterName(message: Buffer, from: number): number {
  let at = from
  for (;;) {
    const length = message.readUInt8(at)
    if (length >= 0xc0) return at + 2
    if (length === 0) return at + 1
    at += 1 + length
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code })
}
