import type { FastifyInstance, FastifyRequest } from 'fastify'
import { minuteMs } from '../../protocol/time.ts'
import { collectorLimits } from '../limits.ts'

const { refusalsPerMinute, refusalSourcesMax } = collectorLimits

/** A security event: who was refused why, and the size and hash of what was sent, never itself. */
export type Refusal = {
  readonly code: string
  readonly ip: string
  readonly bytes: number | null
  /** Asked for only when the line is written. */
  readonly sha256: () => string | null
}

/** Where a line goes; with what is known of the sender, if anything. */
type Write = (fields: Readonly<Record<string, unknown>>) => void

/** Sources beyond the first thousand of a minute share one account. */
const others = 'others'

/**
 * Writes refusals down, of each source only so many in a minute and then one line with the number
 * of those left out: nobody can fill the log, or the memory, by being refused.
 */
export class RefusalLog {
  readonly #write: Write
  #counts = new Map<string, number>()

  constructor(write: Write) {
    this.#write = write
  }

  note({ code, ip, bytes, sha256 }: Refusal, write: Write = this.#write): void {
    const source = this.#sourceOf(ip)
    const count = (this.#counts.get(source) ?? 0) + 1
    this.#counts.set(source, count)
    if (count > refusalsPerMinute) return
    write({ event: 'refused', code, ip, bytes, sha256: sha256() })
  }

  /** To be called every minute, and at the end. */
  endMinute(): void {
    const counts = this.#counts
    this.#counts = new Map()
    for (const [source, count] of counts) {
      const more = count - refusalsPerMinute
      if (more > 0) this.#write({ event: 'refused', source, more })
    }
  }

  #sourceOf(source: string): string {
    const isNew = !this.#counts.has(source)
    return isNew && this.#counts.size >= refusalSourcesMax ? others : source
  }
}

/** The log of refusals of an application, for as long as that is open. */
export function openRefusalLog(app: FastifyInstance): RefusalLog {
  const log = new RefusalLog((fields) => app.log.warn(fields, 'refused'))
  const timer = setInterval(() => log.endMinute(), minuteMs).unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    log.endMinute()
  })
  return log
}

/** A security event: who was refused, never what was sent. */
export function noteRefusal(refusals: RefusalLog, { ip, log }: FastifyRequest, code: string): void {
  const refusal = { code, ip, bytes: null, sha256: () => null }
  refusals.note(refusal, (fields) => log.warn(fields, 'refused'))
}
