import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { withDeadline } from '../deadline.ts'
import { beneath } from './beneath.ts'
import { type FactProbe, Missing } from './fact.ts'

/** Where the two usual programs answer. Source: IANA service names nut and apcupsd. */
const upsPorts = { nut: 3493, apcupsd: 3551 } as const

export const upsFact: FactProbe = upsFactAt(upsPorts)

/** How long the batteries would last now; of several supplies the shortest. */
export function upsFactAt(ports: { readonly nut: number; readonly apcupsd: number }): FactProbe {
  return {
    indicators: ['ups.runtime_minutes'],
    async measure(host) {
      const [nut, apcupsd] = await Promise.all([askNut(ports.nut), askApcupsd(ports.apcupsd)])
      const told = nut ?? apcupsd
      const method = nut ? 'nut' : 'apcupsd'
      if (!told) {
        throw new Missing((await beneath(host)) ?? 'no_tool', 'ups')
      }
      if (told.minutes.length === 0) throw new Missing('not_known', method)
      const detail = `${told.supplies} UPS`
      const value = Math.min(...told.minutes)
      return [{ indicator: 'ups.runtime_minutes', value, method, detail }]
    },
  }
}

/** Supplies a program knows, and the minutes of those that tell them. */
type Told = { readonly supplies: number; readonly minutes: readonly number[] }

const timeoutMs = 2_000
const suppliesMax = 20
const bytesMax = 64 * 1024

/** Network UPS Tools, protocol of RFC 9271: lines of text. */
function askNut(port: number): Promise<Told | null> {
  return talk(port, async (socket, signal) => {
    const lines = linesOf(socket, signal)
    socket.write('LIST UPS\n')
    const names: string[] = []
    for (let line = await lines(); line !== 'END LIST UPS'; line = await lines()) {
      const [, name] = /^UPS (\S+)/.exec(line) ?? []
      if (name) names.push(name)
      else if (line !== 'BEGIN LIST UPS') return null
      if (names.length >= suppliesMax) break
    }
    const minutes: number[] = []
    for (const name of names) {
      socket.write(`GET VAR ${name} battery.runtime\n`)
      const [, seconds] = /^VAR \S+ battery\.runtime "([\d.]+)"$/.exec(await lines()) ?? []
      if (seconds !== undefined) minutes.push(Number(seconds) / 60)
    }
    return names.length > 0 ? { supplies: names.length, minutes } : null
  })
}

/** apcupsd's information server: each record behind two bytes of its length, none at the end. */
function askApcupsd(port: number): Promise<Told | null> {
  return talk(port, async (socket, signal) => {
    socket.write(Buffer.from('\0\u0006status'))
    let bytes = Buffer.alloc(0)
    while (!isComplete(bytes)) {
      bytes = Buffer.concat([bytes, await chunk(socket, signal)])
      if (bytes.length > bytesMax) return null
    }
    const text = bytes.toString('latin1')
    if (!/\bSTATUS {3,}:/.test(text)) return null
    const [, minutes] = /\bTIMELEFT\s*:\s*([\d.]+) Minutes/i.exec(text) ?? []
    return { supplies: 1, minutes: minutes === undefined ? [] : [Number(minutes)] }
  })
}

function isComplete(bytes: Buffer): boolean {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at)
    if (length === 0) return true
    at += 2 + length
  }
  return false
}

/** A talk with a program on this very host; null when nobody is there or it is not understood. */
async function talk(
  port: number,
  work: (socket: Socket, signal: AbortSignal) => Promise<Told | null>,
): Promise<Told | null> {
  return withDeadline(timeoutMs, async (signal) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    try {
      await once(socket, 'connect', { signal })
      return await work(socket, signal)
    } catch {
      return null
    } finally {
      socket.destroy()
    }
  })
}

function linesOf(socket: Socket, signal: AbortSignal): () => Promise<string> {
  let text = ''
  return async () => {
    while (!text.includes('\n')) {
      text += (await chunk(socket, signal)).toString('latin1')
      if (text.length > bytesMax) throw new Error('The answer has no end.')
    }
    const end = text.indexOf('\n')
    const line = text.slice(0, end).trim()
    text = text.slice(end + 1)
    return line
  }
}

/** The next bytes; rejects when the other side ends instead. */
async function chunk(socket: Socket, signal: AbortSignal): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read() as Buffer | null // no encoding is set
    if (bytes) return bytes
    if (socket.readableEnded || socket.destroyed) throw new Error('The talk ended.')
    await Promise.race([once(socket, 'readable', { signal }), once(socket, 'close', { signal })])
  }
}
