import { dayMs, type EpochMs } from '../../protocol/time.ts'
import table from './end-of-life.json' with { type: 'json' }
import type { Reading } from './fact.ts'

/** Until when a release of a system is supported, as `YYYY-MM-DD`; from the pinned table. */
export type Support = {
  readonly release: string
  /** The maker's ordinary support; null where its end is not known yet. */
  readonly until: string | null
  /** Support that is bought, or done by others, after that. */
  readonly extended?: string
  /** Windows: what the system calls itself. */
  readonly build?: number
}

export type Product = keyof typeof table.products

/** The releases of a system, newest first. `deploy/refresh-end-of-life.ts` renews the table. */
export function releasesOf(product: Product): readonly Support[] {
  return table.products[product]
}

/** A system as far as its support is concerned. */
export type System = {
  /** What people call it, such as `Debian GNU/Linux 12`. */
  readonly name: string
  readonly support: Support | undefined
  /** What extended support is called, where there is any. */
  readonly extendedName?: string
  /** Whether this host has it: by contract, or because everybody has. */
  readonly isExtended?: boolean
}

/**
 * `os.support_left_days`: whole days until support ends, negative after that. Extended support
 * counts only where this host has it; the detail names both ends, and how old the table is.
 */
export function supportReading(system: System, now: EpochMs, method: string): Reading {
  const { name, support, extendedName = 'extended support', isExtended = false } = system
  const reading = { indicator: 'os.support_left_days', method } as const
  const ofTable = `table of ${table.date}`
  if (!support?.until) {
    const detail = `${name}: no end of support in the ${ofTable}`
    return { ...reading, value: null, missing: 'not_known', detail }
  }
  const { until, extended } = support
  const counts = isExtended && extended ? extended : until
  const parts = [`${name}: supported until ${until}`]
  if (extended) {
    parts.push(`${extendedName} until ${extended}${isExtended ? '' : ', not counted'}`)
  }
  const value = Math.floor((endOf(counts) - now) / dayMs)
  return { ...reading, value, detail: [...parts, ofTable].join('; ') }
}

/** A day of support is a whole day. */
function endOf(day: string): EpochMs {
  return Date.parse(`${day}T00:00:00Z`) + dayMs
}
