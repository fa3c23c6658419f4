import type { FactHost, FactProbe, Reading } from './fact.ts'

/** What keeps this clock right, and how far it says the clock is off. */
type Told = { readonly method: string; readonly offsetSeconds: number | null }

/** How far the clock is off: by what keeps it right, else by the agent's own check of it. */
export const clockFact: FactProbe = {
  indicators: ['clock.offset_seconds'],
  async measure(host) {
    const indicator = 'clock.offset_seconds'
    const told = (await byChrony(host)) ?? (await byTimesyncd(host)) ?? (await byNtpd(host))
    if (told?.offsetSeconds != null) {
      return [{ indicator, value: Math.abs(told.offsetSeconds), method: told.method }]
    }
    const detail = told ? `${told.method}: not synchronised` : undefined
    const checked = await byCheck(host)
    const said = detail === undefined ? {} : { detail }
    if (checked !== null) return [{ indicator, value: checked, method: 'ntp-check', ...said }]
    const missing = told ? 'not_known' : 'no_tool'
    const reading: Reading = {
      indicator,
      value: null,
      method: told?.method ?? 'ntp',
      missing,
      ...said,
    }
    return [reading]
  },
}

/** Columns: `man chronyc`, tracking. Who follows only itself has the reference 7F7F0101. */
async function byChrony(host: FactHost): Promise<Told | null> {
  const said = await host.ask({ file: 'chronyc', args: ['-c', 'tracking'] })
  const columns = said?.stdout.trim().split(',') ?? []
  if (said?.status !== 0 || columns.length < 14) return null
  const [reference, , , , systemTime] = columns
  const follows = columns[13] !== 'Not synchronised' && reference !== '7F7F0101'
  return { method: 'chrony', offsetSeconds: follows ? finite(systemTime) : null }
}

async function byTimesyncd(host: FactHost): Promise<Told | null> {
  const said = await host.ask({ file: 'timedatectl', args: ['timesync-status'] })
  if (said?.status !== 0 || !/^\s*Packet count:/m.test(said.stdout)) return null
  const offset = /^\s*Offset: ([+-])(.+)$/m.exec(said.stdout)
  return { method: 'timesyncd', offsetSeconds: offset?.[2] ? spanSeconds(offset[2]) : null }
}

async function byNtpd(host: FactHost): Promise<Told | null> {
  const said = await host.ask({ file: 'ntpq', args: ['-n', '-c', 'rv 0 leap,stratum,offset'] })
  const text = said?.status === 0 ? said.stdout : ''
  const field = (name: string) => new RegExp(`\\b${name}=([-+\\d.]+)`).exec(text)?.[1]
  const stratum = field('stratum')
  if (stratum === undefined) return null
  const follows = field('leap') !== '11' && field('leap') !== '3' && Number(stratum) < 16
  const milliseconds = finite(field('offset'))
  const offsetSeconds = follows && milliseconds !== null ? milliseconds / 1_000 : null
  return { method: 'ntpq', offsetSeconds }
}

async function byCheck(host: FactHost): Promise<number | null> {
  const check = host.config.checks.find((each) => each.kind === 'clock')
  if (!check) return null
  try {
    const { value } = await host.look(check)
    return value === undefined ? null : Math.abs(value)
  } catch {
    return null // it could not look: nothing is known
  }
}

const unitSeconds: Readonly<Record<string, number>> = {
  ...{ us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3_600, d: 86_400, w: 604_800 },
  ...{ month: 2_629_800, y: 31_557_600 },
}

/** A span as systemd writes it (`man systemd.time`): `1min 2.5s`; null for anything else. */
export function spanSeconds(text: string): number | null {
  let seconds = 0
  for (const part of text.trim().split(/\s+/)) {
    const [, number, unit = ''] = /^([\d.]+)([a-z]*)$/.exec(part) ?? []
    const factor = number === '0' ? 0 : unitSeconds[unit]
    if (number === undefined || factor === undefined) return null
    seconds += Number(number) * factor
  }
  return Number.isFinite(seconds) ? seconds : null
}

function finite(text: string | undefined): number | null {
  const value = Number(text)
  return text?.trim() && Number.isFinite(value) ? value : null
}
