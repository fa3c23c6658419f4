import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HttpError, type HttpResponse, ResponseReader } from '../../agent/http-response.ts'
import { numberOfRuns } from '../support/number-of-runs.ts'

type Seen = HttpResponse | 'cut short' | { readonly code: string }

/** What becomes of bytes that come in pieces, until the connection ends. */
function read(bytes: Buffer, cuts: readonly number[] = []): Seen {
  const reader = new ResponseReader()
  const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b)
  let from = 0
  try {
    for (const to of [...places, bytes.length]) {
      const response = reader.read(bytes.toString('latin1', from, to))
      // What comes behind a whole answer was not asked for either.
      if (response) return to < bytes.length ? { ...response, isLast: true } : response
      from = to
    }
    return reader.end() ?? 'cut short'
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    return { code: error.code }
  }
}

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`
const arabic = 'استمرار'
const long = 'x'.repeat(16 * 1024)
const full = 'y'.repeat(64 * 1024)
const plain = { status: 200, body: '', date: null, retryAfter: null, isLast: false }

const answers: [string, string, Partial<HttpResponse>][] = [
  ['with a length', `${ok}Content-Length: 2\r\n\r\nhi`, { body: 'hi' }],
  ['with nothing', `${ok}content-length:0\r\n\r\n`, {}],
  ['as large as may be', `${ok}content-length: 65536\r\n\r\n${full}`, { body: full }],
  [
    'with the same length twice',
    `${ok}content-length: 1\r\nCONTENT-LENGTH: 1\r\n\r\na`,
    { body: 'a' },
  ],
  ['in Arabic', `${ok}content-length: 14\r\n\r\n${arabic}`, { body: arabic }],
  ['without a reason', 'HTTP/1.1 503\r\ncontent-length: 0\r\n\r\n', { status: 503 }],
  [
    'with what is read of a head',
    `${ok}DATE: now\r\nretry-after: \t7 \r\nRetry-After: 8\r\ncontent-length: 0\r\n\r\n`,
    { date: 'now', retryAfter: '7' },
  ],
  ['until the end', `${ok}x: y\r\n\r\nhello`, { body: 'hello', isLast: true }],
  ['that is the last', `${ok}connection: x, Close\r\ncontent-length: 0\r\n\r\n`, { isLast: true }],
  ['that is not the last', `${ok}connection: closely\r\ncontent-length: 0\r\n\r\n`, {}],
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n', { isLast: true }],
  ['204 without a body', 'HTTP/1.1 204 No\r\n\r\n', { status: 204 }],
  [
    '304 with the length of another',
    'HTTP/1.1 304 x\r\ncontent-length: 9\r\n\r\n',
    { status: 304 },
  ],
  [
    'behind interim ones',
    `HTTP/1.1 100 \r\n\r\nHTTP/1.1 103 x\r\na: b\r\n\r\n${ok}content-length: 0\r\n\r\n`,
    {},
  ],
  [
    'in chunks',
    `${chunked}2\r\nhi\r\n00A;n="v"\r\n0123456789\r\n0\r\n\r\n`,
    { body: 'hi0123456789' },
  ],
  ['in chunks with a trailer', `${chunked}1 ;x\r\na\r\n0\r\nx: y\r\nz:\r\n\r\n`, { body: 'a' }],
  ['in chunks that cut a letter', `${chunked}1\r\n\xd8\r\n1\r\n\xa7\r\n0\r\n\r\n`, { body: 'ا' }],
  ['with more behind it', `${ok}content-length: 1\r\n\r\nab`, { body: 'a', isLast: true }],
  ['with another behind it', `${chunked}0\r\n\r\n${ok}\r\n`, { isLast: true }],
]

const refused: [string, string, string][] = [
  ['another protocol', 'SSH-2.0-OpenSSH_9\r\n', 'HPE_INVALID_CONSTANT'],
  ['another protocol without a line', '\x15\x03\x01', 'HPE_INVALID_CONSTANT'],
  ['HTTP/2', 'HTTP/2.0 200 OK\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  ['HTTP/1.2', 'HTTP/1.2 200 OK\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  ['a change of the protocol', 'HTTP/1.1 101 x\r\nupgrade: h2c\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  ['no status', 'HTTP/1.1 OK\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  ['an empty line first', `\r\n${ok}\r\n`, 'HPE_INVALID_CONSTANT'],
  ['a bare line feed', 'HTTP/1.1 200 OK\ncontent-length: 0\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  ['a bare line feed in a header', `${ok}a: b\nc: d\r\n\r\n`, 'HPE_INVALID_HEADER_TOKEN'],
  ['a folded header', `${ok}a: b\r\n c\r\n\r\n`, 'HPE_INVALID_HEADER_TOKEN'],
  ['a space before the colon', `${ok}content-length : 2\r\n\r\nhi`, 'HPE_INVALID_HEADER_TOKEN'],
  ['a header without a name', `${ok}: a\r\n\r\n`, 'HPE_INVALID_HEADER_TOKEN'],
  ['a header without a colon', `${ok}garbage\r\n\r\n`, 'HPE_INVALID_HEADER_TOKEN'],
  ['a zero byte', `${ok}a: \0\r\n\r\n`, 'HPE_INVALID_HEADER_TOKEN'],
  [
    'two lengths',
    `${ok}content-length: 1\r\ncontent-length: 2\r\n\r\na`,
    'HPE_INVALID_CONTENT_LENGTH',
  ],
  ['a list of lengths', `${ok}content-length: 1, 1\r\n\r\na`, 'HPE_INVALID_CONTENT_LENGTH'],
  ['a negative length', `${ok}content-length: -1\r\n\r\n`, 'HPE_INVALID_CONTENT_LENGTH'],
  [
    'a length behind another space',
    `${ok}content-length:\xa01\r\n\r\na`,
    'HPE_INVALID_CONTENT_LENGTH',
  ],
  ['no length', `${ok}content-length:\r\n\r\n`, 'HPE_INVALID_CONTENT_LENGTH'],
  [
    'a length, and chunks',
    `${ok}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`,
    'HPE_INVALID_CONTENT_LENGTH',
  ],
  [
    'chunks, and a length of nothing',
    `${ok}transfer-encoding: chunked\r\ncontent-length: 0\r\n\r\n`,
    'HPE_INVALID_CONTENT_LENGTH',
  ],
  [
    'another coding',
    `${ok}transfer-encoding: gzip, chunked\r\n\r\n`,
    'HPE_INVALID_TRANSFER_ENCODING',
  ],
  [
    'chunks in chunks',
    `${ok}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n`,
    'HPE_INVALID_TRANSFER_ENCODING',
  ],
  [
    'chunks of HTTP/1.0',
    'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    'HPE_INVALID_TRANSFER_ENCODING',
  ],
  ['a chunk without a size', `${chunked}\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a negative chunk', `${chunked}-1\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a chunk of another notation', `${chunked}0x1\r\na\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a size that overflows', `${chunked}100000001\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a chunk longer than it says', `${chunked}1\r\nab\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a chunk that ends in a line feed', `${chunked}1\r\na\n0\r\n\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a bad trailer', `${chunked}0\r\nx y: z\r\n\r\n`, 'HPE_INVALID_HEADER_TOKEN'],
  ['a head that is too long', `${ok}a: ${long}\r\n\r\n`, 'HPE_HEADER_OVERFLOW'],
  ['a head without end', `${ok}a: ${long}`, 'HPE_HEADER_OVERFLOW'],
  ['interim answers without end', 'HTTP/1.1 100 x\r\n\r\n'.repeat(1_000), 'HPE_HEADER_OVERFLOW'],
  ['extensions without end', `${chunked}1;${long}`, 'HPE_HEADER_OVERFLOW'],
  ['trailers without end', `${chunked}0\r\n${'a: b\r\n'.repeat(3_000)}`, 'HPE_HEADER_OVERFLOW'],
  [
    'chunks of a byte without end',
    `${chunked}${'1\r\na\r\n'.repeat(9_000)}`,
    'HPE_HEADER_OVERFLOW',
  ],
  ['a body that is too long', `${ok}content-length: 65537\r\n\r\n`, 'too_long'],
  ['a body without end', `${ok}\r\n${full}z`, 'too_long'],
  ['a chunk that is too long', `${chunked}10001\r\n`, 'too_long'],
  [
    'chunks without end',
    `${chunked}${`8000\r\n${full.slice(0, 32_768)}\r\n`.repeat(3)}`,
    'too_long',
  ],
]

const unended = [
  ...['', 'HTT', ok, `${ok}content-length: 2\r\n\r\nh`, 'HTTP/1.1 100 x\r\n\r\n'],
  ...[
    chunked,
    `${chunked}2\r\nh`,
    `${chunked}1\r\na\r`,
    `${chunked}0\r\n`,
    `${chunked}0\r\nx: y\r\n`,
  ],
]

/** Bytes as they are written above, letters beyond latin1 in UTF-8. */
const bytesOf = (text: string) => Buffer.from(text, /[^\0-\xff]/.test(text) ? 'utf8' : 'latin1')
const cuts = fc.array(fc.nat(), { maxLength: 12 })
const alike = (bytes: Buffer, expected: Seen) => {
  expect(read(bytes)).toEqual(expected)
  fc.assert(
    fc.property(cuts, (cuts) => {
      expect(read(bytes, cuts)).toEqual(expected)
    }),
    { numRuns: numberOfRuns(100) },
  )
}

describe('however its bytes are cut', () => {
  test.each(answers)('an answer %s is read', (_name, text, expected) => {
    alike(bytesOf(text), { ...plain, ...expected })
  })

  test.each(refused)('%s is refused', (_name, text, code) => alike(bytesOf(text), { code }))

  test.each(unended)('%j is no whole answer', (text) => alike(bytesOf(text), 'cut short'))

  test('each byte for itself', () => {
    for (const [name, text, expected] of answers) {
      const bytes = bytesOf(text)
      if (bytes.length > 1_000) continue
      expect(read(bytes, [...bytes.keys()]), name).toEqual({ ...plain, ...expected })
    }
  })
})

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 })

/** A body in chunks of these sizes, over and over. */
function inChunks(
  body: Buffer,
  sizes: readonly number[],
  extension: string,
  trailer: string,
): Buffer {
  const parts: Buffer[] = []
  for (let at = 0, i = 0; at < body.length; i++) {
    const chunk = body.subarray(at, at + (sizes[i % sizes.length] ?? 1))
    parts.push(
      Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    )
    at += chunk.length
  }
  return Buffer.concat([Buffer.from(chunked), ...parts, Buffer.from(`0\r\n${trailer}\r\n`)])
}

test('a body is the same with a length, in chunks and until the end', () => {
  const extension = fc.constantFrom('', ';a', '; a="b c"')
  const trailer = fc.constantFrom('', 'x: y\r\n')
  fc.assert(
    fc.property(
      ...[fc.string({ unit: 'grapheme', maxLength: 200 }), sizes, extension, trailer, cuts],
      (body, sizes, extension, trailer, cuts) => {
        const bytes = Buffer.from(body)
        const withLength = Buffer.from(`${ok}content-length: ${bytes.length}\r\n\r\n${body}`)
        const expected = { ...plain, body }
        expect(read(withLength, cuts)).toEqual(expected)
        expect(read(inChunks(bytes, sizes, extension, trailer), cuts)).toEqual(expected)
        const untilEnd = Buffer.from(`${ok}\r\n${body}`)
        expect(read(untilEnd, cuts)).toEqual({ ...expected, isLast: true })
      },
    ),
    { numRuns: numberOfRuns(500) },
  )
})

test('damaged anywhere, it is read or refused in the same way wherever it is cut', () => {
  const whole = fc.constantFrom(...answers.map(([, text]) => bytesOf(text).subarray(0, 500)))
  const damage = fc.constantFrom(...['\r', '\n', '\0', ' ', ':', ';', ',', '0', '9', 'a', '\xff'])
  fc.assert(
    fc.property(whole, fc.nat(), damage, cuts, (whole, at, damage, cuts) => {
      const place = at % (whole.length + 1)
      const rest = whole.subarray(place)
      const bytes = Buffer.concat([whole.subarray(0, place), Buffer.from(damage, 'latin1'), rest])
      expect(read(bytes, cuts)).toEqual(read(bytes))
    }),
    { numRuns: numberOfRuns(2_000) },
  )
})
