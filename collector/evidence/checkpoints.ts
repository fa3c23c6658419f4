import { signCheckpoint } from '../../protocol/checkpoint.ts'
import { dayOf, type EpochMs, hourMs } from '../../protocol/time.ts'
import type { CheckpointRow, LogHead, LogReader } from '../store/logs.ts'
import type { AgentRow, EvidenceWriter } from '../store/store.ts'
import { leafOf, nationalLog } from './leaf.ts'
import type { LogKey } from './log-key.ts'

export type KeeperStore = Pick<EvidenceWriter, 'appendLeaves' | 'saveCheckpoints'> &
  Pick<LogReader, 'heads' | 'newestCheckpoints' | 'newestLeaves'>

/**
 * Commits the collector to its logs: once a UTC day a leaf in the national log names the size and
 * root of every institution's log, and once an hour every log that grew gets a signed checkpoint.
 */
export class LogKeeper {
  readonly #store: KeeperStore
  readonly #key: LogKey
  readonly #book: CheckpointBook
  #signedHour = -1
  #committedDay = -1

  constructor(store: KeeperStore, key: LogKey, book: CheckpointBook) {
    this.#store = store
    this.#key = key
    this.#book = book
  }

  /** Learns what is on disk. Before the first `tick`. */
  async open(): Promise<void> {
    this.#book.add(await this.#store.newestCheckpoints())
    const [last] = await this.#store.newestLeaves('heads', 1)
    if (last) this.#committedDay = dayOf((JSON.parse(last.entry) as { at: EpochMs }).at)
  }

  /** Does what is due at an instant; asked every minute. */
  async tick(at: EpochMs): Promise<void> {
    const day = dayOf(at)
    if (day !== this.#committedDay) {
      await this.#commit(at)
      this.#committedDay = day
      this.#signedHour = -1
    }
    const hour = Math.floor(at / hourMs)
    if (hour === this.#signedHour) return
    await this.#sign(at)
    this.#signedHour = hour
  }

  async #commit(at: EpochMs): Promise<void> {
    const heads = (await this.#store.heads()).filter(({ log }) => log !== nationalLog)
    const logs = heads.map(({ log, size, root }) => ({ log, size, root: root.toString('hex') }))
    await this.#store.appendLeaves([leafOf(nationalLog, { kind: 'heads', at, logs })])
  }

  async #sign(at: EpochMs): Promise<void> {
    const heads = await this.#store.heads()
    const signed = await this.#store.newestCheckpoints()
    const sizes = new Map(signed.map(({ log, size }) => [log, size]))
    const grown = heads.filter(({ log, size }) => size > (sizes.get(log) ?? 0))
    const rows = grown.map((head) => checkpointOf(head, this.#key, at))
    await this.#store.saveCheckpoints(rows)
    this.#book.add(rows)
  }
}

function checkpointOf(head: LogHead, { key, publicKey }: LogKey, at: EpochMs): CheckpointRow {
  const { log, size } = head
  return { log, size, at, note: signCheckpoint(head, key, publicKey) }
}

/** Which checkpoints there are on disk, and which each agent was given by this process. */
export class CheckpointBook {
  readonly #newest = new Map<string, CheckpointRow>()
  /** By agent: the sizes it was given, of its own log and of the national one. */
  readonly #given = new Map<string, { own: number; national: number }>()

  /** Checkpoints that are on disk. */
  add(rows: readonly CheckpointRow[]): void {
    for (const row of rows) {
      if (row.size >= (this.#newest.get(row.log)?.size ?? 0)) this.#newest.set(row.log, row)
    }
  }

  /** The newest checkpoint of a log. */
  newest(log: string): CheckpointRow | undefined {
    return this.#newest.get(log)
  }

  /** The newest note that the agent has not been given: its own log's first; null without news. */
  next({ agent, institution }: Pick<AgentRow, 'agent' | 'institution'>): string | null {
    const given = this.#given.get(agent) ?? { own: 0, national: 0 }
    const own = this.#newest.get(institution)
    const national = this.#newest.get(nationalLog)
    if (own && own.size > given.own) {
      this.#given.set(agent, { ...given, own: own.size })
      return own.note
    }
    if (!national || national.size <= given.national) return null
    this.#given.set(agent, { ...given, national: national.size })
    return national.note
  }
}
