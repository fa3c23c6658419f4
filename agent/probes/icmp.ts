import type { Command } from '../child.ts'
import type { Rhythm, SettingProblem } from './all.ts'
import { addressOf } from './connection.ts'
import { median } from './median.ts'
import { down } from './network-error.ts'
import type { Probe } from './probe.ts'
import { hostSetting, type SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {
    host: {
      ...hostSetting,
      // A program reads it: it must not look like an option.
      pattern: '^[^\\s/-][^\\s/]*$',
      description: 'Name or address to send echo requests to.',
    },
    lossRatioMax: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.5,
      description: 'Degraded (loss_high) when more than this share of the three is not answered.',
    },
  },
  required: ['host'],
  additionalProperties: false,
} as const

const requests = 3
/** How long the last request is waited for. */
const waitSeconds = 2
/** Three requests, one a second, the wait for the last, and the start of a program. */
const timeoutMsMin = 6_000

/** A look that is cut short by its own timeout would be told as loss. */
export function* problems(_: unknown, { timeoutMs }: Rhythm): Generator<SettingProblem> {
  if (timeoutMs >= timeoutMsMin) return
  yield { path: ['timeout'], message: `must be at least ${timeoutMsMin / 1_000}s` }
}

/**
 * Up when echo requests of the system's own `ping` are answered. Throws where `ping` is missing or
 * may not send. Value: median seconds of a round trip; `loss`: share of requests not answered.
 */
export const icmp: Probe<SettingsOf<typeof settings>> = async (settings, { signal, run }) => {
  let address: string
  try {
    // Here and not by ping: no name may lead it to where no check may go.
    address = await addressOf(settings.host, signal)
  } catch (error) {
    return down(error, signal)
  }
  const { status, stdout, stderr, aborted } = await run(pingCommand(address), signal)
  if (aborted) return { state: 'down', reason: 'timeout' }
  const told = readPing(stdout)
  const isUnreachable = /\bunreachable\b/i.test(stdout + stderr)
  // Nothing sent and no reason why not: it had no right to, or does not know our options.
  if (told.sent === 0 && !isUnreachable) throw new Error(`ping did not ping (status ${status}).`)
  const answered = Math.min(told.seconds.length, told.sent)
  const loss = told.sent === 0 ? 1 : 1 - answered / told.sent
  const parts = { loss }
  if (answered === 0) {
    return { state: 'down', reason: isUnreachable ? 'unreachable' : 'timeout', parts }
  }
  const value = median(told.seconds)
  if (loss > settings.lossRatioMax) return { state: 'degraded', reason: 'loss_high', value, parts }
  return { state: 'up', value, parts }
}

/** The system's own ping; BusyBox's takes the same options. On Windows -w is in milliseconds. */
export function pingCommand(address: string, platform = process.platform): Command {
  const [count, wait] = [String(requests), String(waitSeconds)]
  if (platform === 'win32') {
    return { file: 'ping.exe', args: ['-n', count, '-w', `${wait}000`, address] }
  }
  return { file: 'ping', args: ['-n', '-c', count, '-W', wait, address] }
}

/** What `ping` tells: how many requests it sent, and how long each answer took, in seconds. */
export type PingReport = { readonly sent: number; readonly seconds: readonly number[] }

/**
 * Reads what ping prints: that of iputils, of BusyBox, and of Windows in any language. Windows
 * counts "unreachable" from a router as received, so only lines that tell a time are answers.
 */
export function readPing(text: string): PingReport {
  const seconds: number[] = []
  for (const line of text.split('\n')) {
    const [, time] = /[=<](\d+(?:[.,]\d+)?) ?ms\b/i.exec(line) ?? []
    if (time === undefined || line.includes('DUP!')) continue
    seconds.push(Number(time.replace(',', '.')) / 1_000)
  }
  const [, onUnix] = /^(\d+) packets transmitted/m.exec(text) ?? []
  // Sent = 3, Received = 3, Lost = 0 (0% loss), whatever the words.
  const [, onWindows] = /=\s*(\d+)\D+=\s*(\d+)\D+=\s*(\d+)\s*\(/.exec(text) ?? []
  return { sent: Number(onUnix ?? onWindows ?? 0), seconds }
}
