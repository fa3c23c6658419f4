/** An answer over HTTP/1.1, as far as an agent reads it. */
export type HttpResponse = {
  readonly status: number
  readonly body: string
  /** Headers as they were sent; null without them. */
  readonly date: string | null
  readonly retryAfter: string | null
  /** Nothing more may be asked over the same connection. */
  readonly isLast: boolean
}

/** What a server sent is no answer of HTTP/1.1, or is too long. The codes are those of Node. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Heads, the lines between chunks, and trailers: all that is no body. */
const framingBytesMax = 16 * 1024
/** Of a collector's answer, without its head. */
export const answerBytesMax = 64 * 1024

/** For a body that is longer. */
export const tooLong = () => new HttpError('too_long', 'The answer is too long.')

/** What comes next. `close`: a body that the end of the connection ends; `seam`: after a chunk. */
type Part = 'head' | 'length' | 'close' | 'size' | 'chunk' | 'seam' | 'trailer'

/**
 * Reads one answer to a GET or a POST (RFC 9112), however its bytes are cut. Interim answers are
 * skipped. What can be read in two ways is refused: somebody in between may read it the other way.
 */
export class ResponseReader {
  /** What came and is not read yet, from `#at` on: a character for each byte. */
  #text = ''
  #at = 0
  #part: Part = 'head'
  #head: Head | null = null
  #framingBytes = 0
  #body = ''
  /** Of the body, or of the chunk under way. */
  #bytesLeft = 0
  #response: HttpResponse | null = null

  /**
   * Takes what came, as latin1. Answers the response as soon as it is whole, until then null.
   * Throws HttpError.
   */
  read(latin1: string): HttpResponse | null {
    this.#text = this.#text.slice(this.#at) + latin1
    this.#at = 0
    while (this.#step()) if (this.#response) return this.#response
    return null
  }

  /** The connection ended. Answers the response if that makes it whole, else null. */
  end(): HttpResponse | null {
    if (this.#part === 'close') this.#finish()
    return this.#response
  }

  /** Reads the next part; false when it is not all there. */
  #step(): boolean {
    switch (this.#part) {
      case 'head':
        return this.#readHead()
      case 'length':
        if (this.#text.length - this.#at < this.#bytesLeft) return false
        this.#keep(this.#bytesLeft)
        return this.#finish()
      case 'close':
        this.#expect(this.#text.length - this.#at)
        this.#keep(this.#bytesLeft)
        return false
      case 'size':
        return this.#readSize()
      case 'chunk':
        this.#keep(Math.min(this.#text.length - this.#at, this.#bytesLeft))
        if (this.#bytesLeft > 0) return false
        this.#part = 'seam'
        return true
      case 'seam':
        return this.#readSeam()
      case 'trailer':
        return this.#readTrailer()
    }
  }

  #readHead(): boolean {
    const text = this.#upTo('\r\n\r\n')
    if (text === null) {
      const begun = this.#text.slice(this.#at, this.#at + protocolName.length)
      if (!protocolName.startsWith(begun)) throw noHttp()
      return false
    }
    const head = parseHead(text)
    if (head.status < 200) return true
    this.#head = head
    this.#part = head.framing
    this.#expect(head.length)
    return true
  }

  #readSize(): boolean {
    const line = this.#upTo('\r\n')
    if (line === null) return false
    const size = chunkLine.exec(line)?.[1]
    if (size === undefined) throw badChunk('A chunk has no size.')
    this.#expect(Number.parseInt(size, 16))
    this.#part = this.#bytesLeft === 0 ? 'trailer' : 'chunk'
    return true
  }

  #readSeam(): boolean {
    const seam = this.#text.slice(this.#at, this.#at + 2)
    if (!'\r\n'.startsWith(seam)) throw badChunk('A chunk is longer than it says.')
    if (seam.length < 2) return false
    this.#at += 2
    this.#part = 'size'
    return true
  }

  #readTrailer(): boolean {
    const line = this.#upTo('\r\n')
    if (line === null) return false
    if (line === '') return this.#finish()
    if (!fieldLines.test(`\r\n${line}`)) throw badField()
    return true
  }

  /** The text before an end, over which it goes; null when that end is not there yet. */
  #upTo(end: string): string | null {
    const at = this.#at
    const found = this.#text.indexOf(end, at)
    const next = found < 0 ? this.#text.length : found + end.length
    if (this.#framingBytes + next - at > framingBytesMax) {
      throw new HttpError('HPE_HEADER_OVERFLOW', 'The head of the answer is too long.')
    }
    if (found < 0) return null
    this.#framingBytes += next - at
    this.#at = next
    return this.#text.slice(at, found)
  }

  /** So many bytes of the body come next. */
  #expect(bytes: number): void {
    if (this.#body.length + bytes > answerBytesMax) {
      throw tooLong()
    }
    this.#bytesLeft = bytes
  }

  #keep(bytes: number): void {
    this.#body += this.#text.slice(this.#at, this.#at + bytes)
    this.#at += bytes
    this.#bytesLeft -= bytes
  }

  #finish(): true {
    const { status, date, retryAfter, isLast } = this.#head! // read before any body
    const isMore = this.#at < this.#text.length
    const isPlain = ascii.test(this.#body)
    const body = isPlain ? this.#body : Buffer.from(this.#body, 'latin1').toString()
    const isOver = isLast || isMore || this.#part === 'close'
    this.#response = { status, body, date, retryAfter, isLast: isOver }
    return true
  }
}

type Head = Omit<HttpResponse, 'body'> & {
  readonly framing: 'length' | 'close' | 'size'
  /** Bytes; 0 unless the head says it. */
  readonly length: number
}

const ascii = /^[\0-\x7f]*$/
const protocolName = 'HTTP/1.'
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/
/** Each after its line break: no folding, no space before the colon, no control characters. */
const fieldLines = /^(?:\r\n[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\xff]*)*$/
const lengthValue = /^[\t ]*(\d{1,15})[\t ]*$/
const chunkedValue = /^[\t ]*chunked[\t ]*$/i
const closeToken = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i
/** Eight digits reach far beyond the limit. Extensions mean nothing here. */
const chunkLine = /^([\da-f]{1,8})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?$/i

/** Reads a head without the empty line that ends it. Throws HttpError. */
function parseHead(text: string): Head {
  const lines = text.split('\r\n')
  const first = lines[0] ?? ''
  const [, minor, status] = statusLine.exec(first) ?? []
  if (minor === undefined || status === undefined) throw noHttp()
  // A server that changes the protocol unasked speaks to somebody else.
  if (status === '101') throw noHttp()
  if (!fieldLines.test(text.slice(first.length))) throw badField()
  let length: number | null = null
  let isChunked = false
  let isLast = minor === '0'
  let date: string | null = null
  let retryAfter: string | null = null
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const colon = line.indexOf(':')
    const value = line.slice(colon + 1)
    switch (line.slice(0, colon).toLowerCase()) {
      case 'content-length':
        length = lengthOf(value, length)
        break
      case 'transfer-encoding':
        if (isChunked || minor === '0' || !chunkedValue.test(value)) throw badCoding()
        isChunked = true
        break
      case 'connection':
        isLast ||= closeToken.test(value)
        break
      case 'date':
        date ??= value.trim()
        break
      case 'retry-after':
        retryAfter ??= value.trim()
    }
  }
  if (isChunked && length !== null) throw badLength('It has a length and is chunked.')
  const framing = isChunked ? 'size' : length === null ? 'close' : 'length'
  const known = {
    status: Number(status),
    date,
    retryAfter,
    isLast,
    framing,
    length: length ?? 0,
  } as const
  // These two have no body, whatever they say about its length.
  const isBare = status === '204' || status === '304'
  return isBare ? { ...known, framing: 'length', length: 0 } : known
}

/** Bytes. The same length may be said again. */
function lengthOf(value: string, before: number | null): number {
  const digits = lengthValue.exec(value)?.[1]
  if (digits === undefined) throw badLength('Its length is no number.')
  const length = Number(digits)
  if (before !== null && before !== length) throw badLength('It has two lengths.')
  return length
}

const noHttp = () => new HttpError('HPE_INVALID_CONSTANT', 'The answer is not HTTP/1.1.')
const badField = () => new HttpError('HPE_INVALID_HEADER_TOKEN', 'The answer has a bad header.')
const badCoding = () =>
  new HttpError('HPE_INVALID_TRANSFER_ENCODING', 'The answer is coded as nobody asked for.')
const badLength = (why: string) =>
  new HttpError('HPE_INVALID_CONTENT_LENGTH', `The answer cannot be read. ${why}`)
const badChunk = (why: string) =>
  new HttpError('HPE_INVALID_CHUNK_SIZE', `The answer cannot be read. ${why}`)
