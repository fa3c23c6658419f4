import type { EpochMs } from '../../protocol/time.ts'
import type { Account } from './accounts.ts'
import type { Decision } from './two-person.ts'

/** What may wait for somebody; each has its words in `web/texts/inbox.ts`. */
export const inboxKinds = [
  'maintenance',
  'dispute',
  'declaration',
  'exemption',
  'baseline',
  'freeze',
  'revision',
  'held',
  'model',
  'pending-agent',
  'quarantined-agent',
  'policy',
  'release',
] as const
export type InboxKind = (typeof inboxKinds)[number]

/** Where something belongs, and where on the board it is seen. */
type Placed = {
  readonly kind: InboxKind
  /** Unique among those of its kind. */
  readonly id: string
  /** Null for what concerns no single institution. */
  readonly institution: string | null
  readonly environment?: string
  /** An agent's or a model's name, an id of a cycle: shown as it is, where there is one. */
  readonly label?: string
  /** The address behind the language, such as `/cycles#c2027-04`. */
  readonly path: string
}

/** Something that waits for an account to do something about it. */
export type Waiting = Placed & {
  readonly since: EpochMs
  /** Who asked; null where nobody did. */
  readonly by: string | null
  /** When it is too late, where there is such an instant. */
  readonly due?: EpochMs
}

/** Something that an account asked for, and what became of it. */
export type Asked = Placed & {
  readonly askedAt: EpochMs
  readonly state: 'waiting' | 'approved' | 'refused' | 'withdrawn' | 'lapsed'
  readonly decision: Decision | null
}

/** One source of what waits: a line of the table that `Inbox` is made of. */
export type InboxSource = {
  /** What this account can do something about now: never what it may not see or may not do. */
  readonly waits: (account: Account) => Promise<readonly Waiting[]> | readonly Waiting[]
  /** What this account asked for itself; none without it. */
  readonly asked?: (account: Account) => Promise<readonly Asked[]> | readonly Asked[]
}

/** What is listed of an inbox at most; the whole number is told. */
const waitingMax = 500
const askedMax = 100

/** An inbox as it is shown. */
export type InboxView = {
  /** The oldest first, at most 500. */
  readonly waiting: readonly Waiting[]
  /** How many wait in all. */
  readonly waitingCount: number
  /** The newest first, at most 100. */
  readonly asked: readonly Asked[]
}

/** All that waits for somebody, from one table of sources. */
export class Inbox {
  readonly #sources: readonly InboxSource[]

  constructor(sources: readonly InboxSource[]) {
    this.#sources = sources
  }

  /** What waits for an account, the oldest first, and what became of what it asked for. */
  async of(account: Account): Promise<InboxView> {
    const all = await this.waiting(account)
    const asked = await Promise.all(this.#sources.map(async (each) => each.asked?.(account) ?? []))
    return {
      waiting: all.slice(0, waitingMax),
      waitingCount: all.length,
      asked: asked
        .flat()
        .sort((a, b) => b.askedAt - a.askedAt)
        .slice(0, askedMax),
    }
  }

  /** How many things wait for an account: the number in the navigation. */
  async count(account: Account): Promise<number> {
    return (await this.waiting(account)).length
  }

  /** All that waits for an account, the oldest first. */
  async waiting(account: Account): Promise<Waiting[]> {
    const all = await Promise.all(this.#sources.map(async (each) => each.waits(account)))
    return all.flat().sort((a, b) => a.since - b.since)
  }
}
