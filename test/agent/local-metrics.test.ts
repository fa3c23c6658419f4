import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { AgentError } from '../../agent/error.ts'
import { LocalMetrics, type Stand } from '../../agent/local-metrics.ts'
import type { CheckDefinition } from '../../protocol/batch.ts'
import { checkKindNames, valueUnits } from '../../protocol/check.ts'
import { listen } from '../support/loopback.ts'
import { readPage } from '../support/metrics-page.ts'

const at = 1_800_000_000_000
const definitions = checkKindNames.map(
  (kind): CheckDefinition => ({ check: `a-${kind}`, kind, intervalMs: 60_000, label: 'بوابة' }),
)
const receipt = `h.${Buffer.from(JSON.stringify({ received: at - 5_000 })).toString('base64url')}.s`
const stand: Stand = { spool: { messages: 2, bytes: 900 }, receipt, seq: 7 }

function metrics() {
  const made = new LocalMetrics(definitions, () => at)
  onTestFinished(() => made.close())
  return made
}

/** Each series with its value. */
function seriesOf(page: string): Record<string, number> {
  const series = readPage(page).flatMap((family) => family.series)
  return Object.fromEntries(series.map(({ name, value }) => [name, value]))
}

test('shows the stream, and of each check how and when it was seen last', () => {
  const shown = metrics()
  const first = seriesOf(shown.page({ spool: { messages: 0, bytes: 0 }, receipt: null, seq: null }))
  expect(first).toMatchObject({
    istimrar_agent_spooled_messages: 0,
    istimrar_agent_last_receipt_timestamp_seconds: Number.NaN,
    istimrar_agent_sequence: Number.NaN,
    'istimrar_check_up{check="a-http",kind="http"}': Number.NaN,
  })
  expect(Object.keys(first).filter((name) => name.includes('_seconds{'))).toHaveLength(
    definitions.length,
  )

  shown.note('a-host', { state: 'up' })
  shown.note('a-http', { state: 'down', reason: 'http_status', value: 0.25 })
  shown.note('a-tls', { state: 'degraded', reason: 'certificate_expired', value: -60 })
  shown.note('a-disk', { state: 'up', value: 0.5 })
  const seen = seriesOf(shown.page(stand))
  expect(seen).toMatchObject({
    istimrar_agent_spooled_messages: 2,
    istimrar_agent_spooled_bytes: 900,
    istimrar_agent_last_receipt_timestamp_seconds: at / 1_000 - 5,
    istimrar_agent_sequence: 7,
    'istimrar_check_up{check="a-host",kind="host"}': 1,
    'istimrar_check_up{check="a-http",kind="http"}': 0,
    'istimrar_check_up{check="a-tls",kind="tls"}': 1,
    'istimrar_check_up{check="a-tcp",kind="tcp"}': Number.NaN,
    'istimrar_check_last_look_timestamp_seconds{check="a-http",kind="http"}': at / 1_000,
    'istimrar_check_response_seconds{check="a-http",kind="http"}': 0.25,
    'istimrar_check_remaining_seconds{check="a-tls",kind="tls"}': -60,
    'istimrar_check_free_ratio{check="a-disk",kind="disk"}': 0.5,
  })
})

test('a value of every kind has a name; labels are the check and its kind, nothing else', () => {
  const shown = metrics()
  for (const { check } of definitions) shown.note(check, { state: 'up', value: 1 })
  const page = shown.page(stand)
  const labels = new Set(readPage(page).flatMap((family) => family.labels))
  expect([...labels].sort()).toEqual(['check', 'kind'])
  for (const kind of Object.keys(valueUnits)) {
    const name = new RegExp(`^istimrar_check_(?!up|last)\\w+\\{check="a-${kind}",`, 'm')
    expect(page).toMatch(name)
  }
  expect(page).not.toContain('بوابة')
})

const good = 'GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9\r\n\r\n'

test.each([
  ['the page', good, '200 OK'],
  ['by name', good.replace('127.0.0.1:9', 'localhost'), '200 OK'],
  ['by the longer address', good.replace('127.0.0.1:9', '[::1]:9'), '200 OK'],
  ['a name that leads here', good.replace('127.0.0.1:9', 'evil.example.om'), '421 '],
  ['a name that looks like ours', good.replace('127.0.0.1:9', '127.0.0.1.example.om'), '421 '],
  ['two names in one', good.replace('127.0.0.1:9', 'evil.example.om@127.0.0.1'), '421 '],
  ['an empty name', good.replace('127.0.0.1:9', ''), '421 '],
  ['no name', good.replace('Host: 127.0.0.1:9\r\n', ''), '400 '],
  ['another path', good.replace('/metrics', '/'), '404 '],
  ['a query', good.replace('/metrics', '/metrics?a'), '404 '],
  ['a path upwards', good.replace('/metrics', '/x/../metrics'), '404 '],
  [
    'a POST',
    good.replace('GET', 'POST').replace('\r\n\r\n', '\r\ncontent-length: 0\r\n\r\n'),
    '405 ',
  ],
  ['a HEAD', good.replace('GET', 'HEAD'), '405 '],
  ['headers without end', good.replace('\r\n\r\n', `\r\nA: ${'a'.repeat(9_000)}\r\n\r\n`), '431 '],
  ['no HTTP', '\x16\x03\x01\x00\x00\r\n\r\n', '400 '],
])('asked for %s, it answers %s', async (_what, request, expected) => {
  const port = await metrics().listen(0, () => stand)
  const socket = connect(port, '127.0.0.1')
  socket.write(request)
  const said = await text(socket)
  expect(said.slice('HTTP/1.1 '.length)).toMatch(new RegExp(`^${expected}`))
  if (expected !== '200 OK') expect(said).not.toContain('istimrar_')
  else expect(said).toContain('text/plain; version=0.0.4')
})

test('is on the loopback only, and says so when the port is taken', async () => {
  const server = createServer()
  const taken = await listen(server)
  const failed = metrics().listen(taken, () => stand)
  await expect(failed).rejects.toBeInstanceOf(AgentError)
  await expect(failed).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(`127.0.0.1:${taken}: another program has this port`),
  })
  const port = await metrics().listen(0, () => stand)
  // The whole of 127/8 is this host: who listened on every address would answer there as well.
  const other = connect(port, '127.0.0.2')
  const [error] = await once(other, 'error')
  expect(error).toMatchObject({ code: 'ECONNREFUSED' })
})
