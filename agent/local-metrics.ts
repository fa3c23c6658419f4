import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { CheckDefinition } from '../protocol/batch.ts'
import { type Observation, valueUnits } from '../protocol/check.ts'
import type { Receipt } from '../protocol/receipt.ts'
import { type EpochMs, secondMs } from '../protocol/time.ts'
import { AgentError } from './error.ts'

/** What of the stream is shown. */
export type Stand = {
  readonly spool: { readonly messages: number; readonly bytes: number }
  /** The newest receipt, as it came; null before the first. */
  readonly receipt: string | null
  /** The number of the newest sealed message; null where it is not known. */
  readonly seq: number | null
}

type Seen = Observation & { readonly at: EpochMs }
type Shown = readonly [CheckDefinition, Seen | null]

/** Values by their unit; the names are those of the collector's page (docs/metrics.md). */
const valueNames = {
  seconds: ['response_seconds', 'Last response time of a check.'],
  seconds_left: ['remaining_seconds', 'Last validity left of a certificate.'],
  seconds_old: ['age_seconds', 'Last age of the newest good backup.'],
  seconds_off: ['clock_offset_seconds', 'Last offset of a clock, either way.'],
  ratio_free: ['free_ratio', 'Last free share of a disk, 0 to 1.'],
  ratio_used: ['used_ratio', 'Last used share of a resource, 0 to 1.'],
} as const
type Unit = keyof typeof valueNames

const limits = { headerBytesMax: 8 * 1024, requestMsMax: 5 * secondMs, connectionsMax: 8 }

/**
 * The page for a Prometheus of the host's own people: what the last looks saw, in the text format
 * 0.0.4. Names of checks and kinds are the only labels; no address, no reason, no text.
 */
export class LocalMetrics {
  readonly #seen: Map<string, Seen | null>
  readonly #definitions: readonly CheckDefinition[]
  readonly #wall: () => EpochMs
  #server: Server | null = null

  constructor(definitions: readonly CheckDefinition[], wall: () => EpochMs) {
    this.#definitions = definitions
    this.#seen = new Map(definitions.map(({ check }) => [check, null]))
    this.#wall = wall
  }

  /** What a look saw just now. */
  note(check: string, observation: Observation): void {
    this.#seen.set(check, { ...observation, at: this.#wall() })
  }

  page({ spool, receipt, seq }: Stand): string {
    const shown: Shown[] = this.#definitions.map((each) => [
      each,
      this.#seen.get(each.check) ?? null,
    ])
    const state = (seen: Seen | null) => (seen ? Number(seen.state !== 'down') : Number.NaN)
    const families = [
      own('spooled_messages', 'Messages that wait to be delivered.', spool.messages),
      own('spooled_bytes', 'Bytes of the messages that wait to be delivered.', spool.bytes),
      own(
        'last_receipt_timestamp_seconds',
        "When the collector took the last message, by the collector's clock; NaN before the first.",
        receivedSeconds(receipt),
      ),
      own('sequence', 'Number of the newest sealed message.', seq ?? Number.NaN),
      ofChecks(
        'up',
        '1 when the last look found a check not down, 0 when down, NaN before the first look.',
        shown.map(([definition, seen]) => [definition, state(seen)]),
      ),
      ofChecks(
        'last_look_timestamp_seconds',
        'When a check was last looked at; NaN before the first look.',
        shown.map(([definition, seen]) => [definition, seen ? seen.at / secondMs : Number.NaN]),
      ),
      ...Object.keys(valueNames).map((unit) => valuesOf(unit as Unit, shown)), // its own keys
    ]
    return families.join('')
  }

  /** Answers on the loopback from now on. Throws AgentError where the port cannot be had. */
  async listen(port: number, stand: () => Stand): Promise<number> {
    const { createServer } = process.getBuiltinModule('node:http')
    const { headerBytesMax: maxHeaderSize, requestMsMax, connectionsMax } = limits
    const server = createServer({
      ...{ maxHeaderSize, requestTimeout: requestMsMax, headersTimeout: requestMsMax },
      ...{ keepAliveTimeout: requestMsMax, connectionsCheckingInterval: requestMsMax },
    })
    server.maxConnections = connectionsMax
    server.on('request', (request, response) => answer(request, response, () => this.page(stand())))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    server.once('listening', resolve).once('error', reject)
    server.listen(port, '127.0.0.1')
    await promise.catch((cause: NodeJS.ErrnoException) => {
      const why = whyNot.get(cause.code ?? '') ?? String(cause.code)
      const message = `Cannot listen on 127.0.0.1:${port}: ${why}. See metrics.port in agent.yaml.`
      throw new AgentError('usage', message, { cause })
    })
    this.#server = server
    const address = server.address()
    return typeof address === 'object' && address ? address.port : port
  }

  close(): void {
    this.#server?.close()
    this.#server?.closeAllConnections()
  }
}

const whyNot: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'another program has this port'],
  ['EACCES', 'an ordinary user may not have a port below 1024'],
])

/** This very host and nobody else, as a `Host` header names it. */
const ownHost = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?$/i

/** Only for whoever asks this host by its own name: a page of the web can lead a browser here. */
function answer(request: IncomingMessage, response: ServerResponse, page: () => string): void {
  const status = statusOf(request)
  response.setHeader('connection', 'close')
  if (status === 405) response.setHeader('allow', 'GET')
  if (status !== 200) return void response.writeHead(status).end()
  response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  response.setHeader('x-content-type-options', 'nosniff')
  response.end(page())
}

function statusOf({ method, url, headers }: IncomingMessage): 200 | 404 | 405 | 421 {
  if (!ownHost.test(headers.host ?? '')) return 421
  if (url !== '/metrics') return 404
  return method === 'GET' ? 200 : 405
}

function own(name: string, help: string, value: number): string {
  return family(`agent_${name}`, help, [['', value]])
}

function ofChecks(name: string, help: string, values: [CheckDefinition, number][]): string {
  const rows = values.map(([{ check, kind }, value]): [string, number] => {
    return [`{check="${check}",kind="${kind}"}`, value]
  })
  return family(`check_${name}`, help, rows)
}

function valuesOf(unit: Unit, shown: readonly Shown[]): string {
  const units: Readonly<Partial<Record<string, string>>> = valueUnits
  const values = shown.flatMap(([definition, seen]): [CheckDefinition, number][] => {
    const isTold = units[definition.kind] === unit && seen?.value !== undefined
    return isTold ? [[definition, Number(seen.value)]] : []
  })
  const [name, help] = valueNames[unit]
  return values.length === 0 ? '' : ofChecks(name, help, values)
}

function family(name: string, help: string, rows: readonly [string, number][]): string {
  const lines = rows.map(([labels, value]) => `istimrar_${name}${labels} ${value}\n`)
  return `# HELP istimrar_${name} ${help}\n# TYPE istimrar_${name} gauge\n${lines.join('')}`
}

function receivedSeconds(receipt: string | null): number {
  if (receipt === null) return Number.NaN
  const payload = Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString()
  const { received } = JSON.parse(payload) as Receipt // verified when it was kept
  return received / secondMs
}
