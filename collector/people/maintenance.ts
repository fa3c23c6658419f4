import { randomBytes } from 'node:crypto'
import { type EpochMs, hourMs, type Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Views } from '../http/views.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import { policyAt, registerAt } from '../register/history.ts'
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
  type MaintenanceKey,
  maintenanceSubject,
  maintenanceTouched,
} from '../register/maintenance-log.ts'
import type { Account } from './accounts.ts'
import {
  type ActsKind,
  type ActsOptions,
  EnvironmentActs,
  type Place,
  requireAsker,
} from './environment-acts.ts'
import { may } from './permissions.ts'
import { type Decision, decisionOf } from './two-person.ts'

export type MaintenanceOptions = ActsOptions & {
  /** How things are now, as everybody is shown it. */
  readonly views: Pick<Views, 'snapshot'>
}

/** A window with its place, as it is listed. */
export type ListedWindow = MaintenanceWindow & Place & { readonly state: MaintenanceState }

/** Which windows are asked for; all without a word. */
export type MaintenanceFilter = Partial<Place> & { readonly state?: MaintenanceState }

/** Whether an account decides what others asked for. */
export function decides(account: Account): boolean {
  return may(account, 'maintenance.decide')
}

const kind: ActsKind<MaintenanceWindow> = {
  subject: maintenanceSubject,
  touched: maintenanceTouched,
  missing: 'There is no such maintenance.',
  fold: (entries, history) => foldMaintenance(new Map(), entries, history),
}

/** Maintenance windows: asked for by one person, decided by another. */
export class Maintenance {
  readonly #options: MaintenanceOptions
  readonly #acts: EnvironmentActs<MaintenanceWindow>

  private constructor(options: MaintenanceOptions, acts: EnvironmentActs<MaintenanceWindow>) {
    this.#options = options
    this.#acts = acts
  }

  /** Reads what the log says. */
  static async open(options: MaintenanceOptions): Promise<Maintenance> {
    return new Maintenance(options, await EnvironmentActs.open(options, kind))
  }

  /** The windows that an account may see, those that start first first. */
  list(account: Account, filter: MaintenanceFilter = {}): ListedWindow[] {
    const all = this.#acts.list(account, filter).map((window) => this.#listed(window))
    return all.filter(({ state }) => (filter.state ?? state) === state)
  }

  /** One window. Throws AppError `not_found`, for a foreign one too. */
  get(account: Account, key: MaintenanceKey): ListedWindow {
    return this.#listed(this.#acts.get(account, key))
  }

  /** Asks for a window. Throws AppError; its detail names the rule that was broken. */
  async request(
    account: Account,
    place: Place,
    asked: Span & { why: string },
  ): Promise<ListedWindow> {
    const made = await this.#acts.add(account, place, (history, at, others) => {
      const { institutions } = registerAt(history, at)
      const owner = institutions.find(({ id }) => id === place.institution)
      if (!owner?.environments.some(({ id }) => id === place.environment)) {
        throw new AppError('not_found', 'There is no such environment.')
      }
      const { maintenanceNoticeHours, timezone } = policyAt(history, at)
      const noticeMs = maintenanceNoticeHours * hourMs
      const id = `m-${randomBytes(6).toString('hex')}`
      const rules = { noticeMs, timezone, others }
      const window = requestMaintenance({ ...asked, id }, account.id, at, rules)
      if (isDown(this.#options.views.snapshot(), place)) {
        const message = 'The environment is down: maintenance cannot be asked for until it is up.'
        throw new AppError('conflict', message, { detail: { rule: 'down' } })
      }
      return window
    })
    return this.#listed(made)
  }

  /** Approves or refuses, as the second person. */
  decide(
    account: Account,
    key: MaintenanceKey,
    is: Decision['is'],
    why: string,
  ): Promise<ListedWindow> {
    return this.#change(account, key, why, (window, at) => {
      return decideMaintenance(window, decisionOf(account, window, { is, at, why }))
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

  async #change(
    account: Account,
    key: MaintenanceKey,
    why: string,
    change: (window: MaintenanceWindow, at: EpochMs) => MaintenanceWindow,
  ): Promise<ListedWindow> {
    return this.#listed(await this.#acts.change(account, key, why, change))
  }

  #listed(window: MaintenanceWindow & Place): ListedWindow {
    return { ...window, state: maintenanceState(window, this.#options.now()) }
  }
}

/** Down in maintenance is shown as maintenance: it is what that is for. */
function isDown(snapshot: Snapshot | null, { institution, environment }: Place): boolean {
  const owner = snapshot?.institutions.find(({ id }) => id === institution)
  return owner?.environments.find(({ id }) => id === environment)?.state === 'down'
}
