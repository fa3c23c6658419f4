import { randomBytes } from 'node:crypto'
import { daysOf, type EpochMs, hourMs, type Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Views } from '../http/views.ts'
import { Turns } from '../ingest/turns.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import { policyAt, registerAt, registerHistory } from '../register/history.ts'
import {
  decideMaintenance,
  type MaintenanceState,
  type MaintenanceWindow,
  maintenanceState,
  requestMaintenance,
  shortenMaintenance,
  withdrawMaintenance,
} from '../register/maintenance.ts'
import {
  foldMaintenance,
  type MaintenanceBook,
  type MaintenanceKey,
  maintenanceSubject,
  maintenanceTouched,
} from '../register/maintenance-log.ts'
import type { Effect, EvidenceReader, EvidenceWriter } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { applyActs } from './acts.ts'
import { type Decision, deciderRoles } from './two-person.ts'

export type MaintenanceOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'entries'>
  readonly now: () => EpochMs
  /** How things are now, as everybody is shown it. */
  readonly views: Pick<Views, 'snapshot'>
  /** Told after each act that may change a figure. */
  readonly onChange: () => void
}

type Place = Omit<MaintenanceKey, 'id'>

/** A window with its place, as it is listed. */
export type ListedWindow = MaintenanceWindow & Place & { readonly state: MaintenanceState }

/** Which windows are asked for; all without a word. */
export type MaintenanceFilter = Partial<Place> & { readonly state?: MaintenanceState }

/** Whoever sees an institution's rows at all. Foreign ones do not exist for an institution. */
function requireSight({ role, institution }: Account, owner: string): void {
  if (role !== 'institution' || institution === owner) return
  throw new AppError('not_found', 'There is no such environment.')
}

/** Whether an account asks for an institution's maintenance, and shortens and withdraws it. */
export function asksFor({ role, institution }: Account, owner: string): boolean {
  return role === 'admin' || (role === 'institution' && institution === owner)
}

/** Whether an account decides what others asked for. */
export function decides({ role }: Account): boolean {
  return deciderRoles.includes(role)
}

/**
 * Maintenance windows: asked for by one person, decided by another. What stands in the log is held
 * in memory. Acts happen one after another, and each is judged in its turn: nothing is written in
 * between.
 */
export class Maintenance {
  readonly #options: MaintenanceOptions
  readonly #turns = new Turns()
  readonly #book: MaintenanceBook

  private constructor(options: MaintenanceOptions, book: MaintenanceBook) {
    this.#options = options
    this.#book = book
  }

  /** Reads what the log says. */
  static async open(options: MaintenanceOptions): Promise<Maintenance> {
    const entries = await options.store.entries()
    return new Maintenance(options, foldMaintenance(new Map(), entries, registerHistory(entries)))
  }

  /** The windows that an account may see, those that start first first. */
  list(account: Account, filter: MaintenanceFilter = {}): ListedWindow[] {
    const now = this.#options.now()
    if (filter.institution !== undefined) requireSight(account, filter.institution)
    const found: ListedWindow[] = []
    for (const [place, windows] of this.#book) {
      const [institution = '', environment = ''] = place.split('/')
      if (account.role === 'institution' && account.institution !== institution) continue
      if ((filter.institution ?? institution) !== institution) continue
      if ((filter.environment ?? environment) !== environment) continue
      for (const window of windows) {
        const state = maintenanceState(window, now)
        if ((filter.state ?? state) === state) {
          found.push({ ...window, institution, environment, state })
        }
      }
    }
    return found.sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))
  }

  /** One window. Throws AppError `not_found`, for a foreign one too. */
  get(account: Account, key: MaintenanceKey): ListedWindow {
    const { institution, environment, id } = key
    const found = this.list(account, { institution, environment }).find((each) => each.id === id)
    if (!found) throw new AppError('not_found', 'There is no such maintenance.')
    return found
  }

  /** Asks for a window. Throws AppError; its detail names the rule that was broken. */
  request(account: Account, place: Place, asked: Span & { why: string }): Promise<ListedWindow> {
    requireSight(account, place.institution)
    requireAsker(account, place.institution)
    return this.#turns.take(async () => {
      const { store, now, views } = this.#options
      const history = registerHistory(await store.entries())
      const at = now()
      const { institutions } = registerAt(history, at)
      const owner = institutions.find(({ id }) => id === place.institution)
      if (!owner?.environments.some(({ id }) => id === place.environment)) {
        throw new AppError('not_found', 'There is no such environment.')
      }
      const { maintenanceNoticeHours, timezone } = policyAt(history, at)
      const others = this.#book.get(placeOf(place)) ?? []
      const noticeMs = maintenanceNoticeHours * hourMs
      const id = `m-${randomBytes(6).toString('hex')}`
      const rules = { noticeMs, timezone, others }
      const window = requestMaintenance({ ...asked, id }, account.id, at, rules)
      if (isDown(views.snapshot(), place)) {
        const message = 'The environment is down: maintenance cannot be asked for until it is up.'
        throw new AppError('conflict', message, { detail: { rule: 'down' } })
      }
      return this.#act(account, { ...place, id }, null, window, window.why, at)
    })
  }

  /** Approves or refuses, as the second person. */
  decide(
    account: Account,
    key: MaintenanceKey,
    is: Decision['is'],
    why: string,
  ): Promise<ListedWindow> {
    return this.#change(account, key, why, (window, at) => {
      const { id: by, role } = account
      return decideMaintenance(window, { is, by, role, at, why })
    })
  }

  /** Lets a window end earlier. */
  shorten(account: Account, key: MaintenanceKey, to: EpochMs, why: string): Promise<ListedWindow> {
    return this.#change(account, key, why, (window, at) => {
      requireAsker(account, key.institution)
      return shortenMaintenance(window, to, at)
    })
  }

  /** Gives a window up before it starts. */
  withdraw(account: Account, key: MaintenanceKey, why: string): Promise<ListedWindow> {
    return this.#change(account, key, why, (window, at) => {
      requireAsker(account, key.institution)
      return withdrawMaintenance(window, at)
    })
  }

  #change(
    account: Account,
    key: MaintenanceKey,
    why: string,
    change: (window: MaintenanceWindow, at: EpochMs) => MaintenanceWindow,
  ): Promise<ListedWindow> {
    return this.#turns.take(async () => {
      this.get(account, key)
      const before = this.#book.get(placeOf(key))!.find(({ id }) => id === key.id)!
      const at = this.#options.now()
      return this.#act(account, key, before, change(before, at), why, at)
    })
  }

  async #act(
    { id: actor, role }: Account,
    key: MaintenanceKey,
    before: MaintenanceWindow | null,
    after: MaintenanceWindow,
    why: string,
    at: EpochMs,
  ): Promise<ListedWindow> {
    const { institution, environment } = key
    const what = maintenanceSubject(key)
    const entry = { actor, role, what, why, before, after, effectiveFrom: at }
    const days = new Set(maintenanceTouched(entry).flatMap(daysOf))
    const effects = [...days].map((day): Effect => {
      return { kind: 'dirty-day', institution, environment, day }
    })
    await applyActs(this.#options.store, [{ log: institution, entry, effects }], at)
    const rest = (this.#book.get(placeOf(key)) ?? []).filter(({ id }) => id !== after.id)
    this.#book.set(placeOf(key), [...rest, after])
    if (effects.length > 0) this.#options.onChange()
    return { ...after, institution, environment, state: maintenanceState(after, at) }
  }
}

function requireAsker(account: Account, institution: string): void {
  if (asksFor(account, institution)) return
  const message = 'Only an admin or the institution itself may do this.'
  throw new AppError('forbidden', message, { detail: { rule: 'role' } })
}

/** Down in maintenance is shown as maintenance: it is what that is for. */
function isDown(snapshot: Snapshot | null, { institution, environment }: Place): boolean {
  const owner = snapshot?.institutions.find(({ id }) => id === institution)
  return owner?.environments.find(({ id }) => id === environment)?.state === 'down'
}

function placeOf({ institution, environment }: Place): string {
  return `${institution}/${environment}`
}
