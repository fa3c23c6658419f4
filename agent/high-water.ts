import { join } from 'node:path'
import { readIfThere, writeOver, writeWhole } from './durable.ts'
import type { Place } from './spool-row.ts'

/**
 * The newest message that may have left this host, kept outside the spool: SQLite takes a damaged
 * write-ahead log for a shorter one and goes back in time without a word. A spool that is behind
 * this mark would sign other things under numbers that are taken.
 */
export class HighWater {
  readonly #file: string
  #mark: Place | null

  constructor(dir: string) {
    this.#file = join(dir, 'sent.mark')
    this.#mark = read(readIfThere(this.#file))
  }

  /** On disk when it returns. To be called before a message is sent for the first time. */
  raise({ epoch, seq }: Place): void {
    if (this.#mark && !isBefore(this.#mark, { epoch, seq })) return
    const text = `${digits(epoch)} ${digits(seq)}\n`
    // One sector, so that a power cut leaves what was there or what is there now.
    if (!this.#mark || !writeOver(this.#file, text)) writeWhole(this.#file, text, 0o600)
    this.#mark = { epoch, seq }
  }

  /** Whether a spool whose next message is this one forgot what was sent. */
  isAbove(next: Place | null): boolean {
    return this.#mark !== null && next !== null && !isBefore(this.#mark, next)
  }
}

function isBefore(a: Place, b: Place): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.seq < b.seq)
}

/** As many digits for each number: a mark is as long as the one before. */
function digits(count: number): string {
  return String(count).padStart(15, '0')
}

/** Null for what is no mark: it is a guard beside the spool, and its own damage stops nothing. */
function read(text: string | null): Place | null {
  const [, epoch, seq] = /^(\d{1,15}) (\d{1,15})\n$/.exec(text ?? '') ?? []
  return epoch && seq ? { epoch: Number(epoch), seq: Number(seq) } : null
}
