import { nationalLog } from '../evidence/leaf.ts'
import type { Entry } from '../register/difference.ts'
import { type Account, type AccountRecord, localAdmin, type Role, roles } from './accounts.ts'

/** What an act about an account is about. */
const subjectPattern = /^account\/([a-z0-9][a-z0-9-]{0,62})(\/sign-in-link)?$/

/** What an act says that an account is. */
export type AccountState = Pick<AccountRecord, 'role' | 'institution' | 'external' | 'endedAt'>

/** The log that acts about an account stand in. */
export function accountLog({ role, institution }: Pick<AccountRecord, 'role' | 'institution'>) {
  return role === 'institution' && institution !== null ? institution : nationalLog
}

/**
 * The accounts as the log tells them. An id is one account for ever; the first that is heard of an
 * id made it, be it by a link.
 */
export class AccountBook {
  readonly #accounts = new Map<string, AccountRecord>()
  /** Who made an account or ways into it, and whose were made by an account. */
  readonly #makers = new Map<string, Set<string>>()
  readonly #made = new Map<string, Set<string>>()

  constructor(entries: readonly Entry[] = []) {
    for (const entry of entries) this.note(entry)
  }

  /** Reads one more act; all but those about accounts are passed over. */
  note({ what, actor, after, effectiveFrom }: Entry): void {
    const [, id, isLink] = subjectPattern.exec(what) ?? []
    const state = id === undefined ? null : stateOf(after)
    if (id === undefined || !state) return
    const known = this.#accounts.get(id)
    const { role, institution, external = null, endedAt = null } = state
    if (isLink || !known || external !== known.external) this.#relate(actor, id)
    // A link says of an account that is there nothing new.
    if (isLink && known) return
    const madeAt = known?.madeAt ?? effectiveFrom
    this.#accounts.set(id, { id, role, institution, external, madeAt, endedAt })
  }

  get(id: string): AccountRecord | null {
    return this.#accounts.get(id) ?? null
  }

  /** All of them, by id. */
  all(): AccountRecord[] {
    return [...this.#accounts.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** The account that is open and that the identity provider calls so. */
  byExternal(external: string): AccountRecord | null {
    const all = this.#accounts.values()
    return all.find((each) => each.external === external && each.endedAt === null) ?? null
  }

  /** The account as it may act now; null when it is unknown or ended. */
  account(id: string): Account | null {
    const record = this.#accounts.get(id)
    if (!record || record.endedAt !== null) return null
    const { role, institution } = record
    return { id, role, ...(institution !== null && { institution }), related: this.related(id) }
  }

  /** Those whose way in led over an account, and those over whom its own led; not itself. */
  related(id: string): string[] {
    const found = new Set([...reached(id, this.#makers), ...reached(id, this.#made)])
    found.delete(id)
    return [...found].sort()
  }

  #relate(maker: string, id: string): void {
    if (maker === localAdmin.id || maker === id) return
    addTo(this.#makers, id, maker)
    addTo(this.#made, maker, id)
  }
}

function addTo(all: Map<string, Set<string>>, key: string, value: string): void {
  const found = all.get(key) ?? new Set()
  all.set(key, found.add(value))
}

function reached(id: string, next: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set<string>()
  const open = [id]
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    for (const other of next.get(each) ?? []) {
      if (found.has(other)) continue
      found.add(other)
      open.push(other)
    }
  }
  return found
}

/** What an act says an account is; null where that makes no sense to this version. */
function stateOf(after: unknown): (AccountState & { role: Role }) | null {
  const { role, institution, external, endedAt } = (after ?? {}) as Partial<AccountState>
  const known = roles.find((each) => each === role)
  if (!known || (institution !== null && typeof institution !== 'string')) return null
  return {
    role: known,
    institution,
    external: typeof external === 'string' ? external : null,
    endedAt: typeof endedAt === 'number' ? endedAt : null,
  }
}
