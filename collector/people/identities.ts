import { thumbprint } from '../../protocol/jws.ts'
import { rejoinCode } from '../../protocol/possession.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Roster } from '../ingest/roster.ts'
import {
  askRelease,
  decideRelease,
  isOpenRelease,
  type ReleaseAct,
  type ReleaseBook,
  releaseSubject,
  withdrawRelease,
} from '../register/releases.ts'
import type {
  AgentRow,
  AgentStatus,
  Effect,
  EvidenceReader,
  EvidenceWriter,
} from '../store/store.ts'
import type { Account } from './accounts.ts'
import { applyActs, type NewAct } from './acts.ts'
import type { Actor } from './tokens.ts'
import { decisionOf, type Decision as SecondDecision } from './two-person.ts'

/** Who decides about an agent, why, and when. */
export type Decision = { readonly actor: Actor; readonly why: string; readonly at: EpochMs }

export type IdentityOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'rejoins'>
  readonly roster: Roster
  /** What the log says of releases that were asked for; nothing without it. */
  readonly releases?: ReleaseBook
  /** Told after each change. */
  readonly onChange: () => void
}

/**
 * What is decided about enrolled agents. Each change is an act in its institution's log, holds from
 * the moment it is stored, and happens in a turn of the roster: no message is stored in between.
 */
export class Identities {
  readonly #options: IdentityOptions
  readonly #releases: Map<string, ReleaseAct>

  constructor(options: IdentityOptions) {
    this.#options = options
    this.#releases = new Map(options.releases)
  }

  /** Lets a pending agent in. Throws AppError `conflict` for one that is locked or revoked. */
  approve(agent: string, decision: Decision): Promise<AgentRow> {
    return this.#options.roster.inTurn(async () => {
      const before = this.#row(agent)
      if (before.status === 'active') return before
      if (before.status !== 'pending') throw refused(before, 'Only a pending agent is approved')
      return this.#setStatus(before, 'active', decision)
    })
  }

  /** Shuts an agent out for good; its name may then be enrolled again. */
  revoke(agent: string, decision: Decision): Promise<AgentRow> {
    return this.#options.roster.inTurn(async () => {
      const before = this.#row(agent)
      return before.status === 'revoked' ? before : this.#setStatus(before, 'revoked', decision)
    })
  }

  /** What was last asked for about each agent. */
  releases(): Iterable<ReleaseAct> {
    return this.#releases.values()
  }

  /** The request to let an agent go on that waits for somebody; null where none does. */
  openRelease(agent: string): ReleaseAct | null {
    const found = this.#releases.get(agent)
    const { status } = this.#row(agent)
    return found && status === 'quarantined' && isOpenRelease(found) ? found : null
  }

  /**
   * Asks that a quarantined agent may go on with the new key that has this code; the same request
   * again is the one before. Throws AppError `conflict` when no such key waits.
   */
  askRelease(agent: string, code: string, { actor, why, at }: Decision): Promise<ReleaseAct> {
    return this.#options.roster.inTurn(async () => {
      const known = this.#releases.get(agent) ?? null
      const isSame = known?.code === code && known.requestedBy === actor.id
      if (known && isSame && isOpenRelease(known)) return known
      const row = this.#row(agent)
      const { kid } = await this.#waitingKey(row, code)
      const who = { by: actor.id, role: actor.role }
      const asked = askRelease({ id: agent, code, kid, why }, who, at, known)
      await this.#saveRelease(row, asked, { actor, why, at })
      return asked
    })
  }

  /**
   * Approves or refuses a release, as the second person. From its approval on the agent's old key
   * signs nothing any more, whoever else holds it. `code` is what was seen: a request that was made
   * since is another one. Throws AppError.
   */
  decideRelease(
    account: Account,
    agent: string,
    { is, code, why, at }: Pick<SecondDecision, 'is' | 'why' | 'at'> & { readonly code: string },
  ): Promise<AgentRow> {
    return this.#options.roster.inTurn(async () => {
      const row = this.#row(agent)
      const asked = this.#askedRelease(agent)
      const said = decisionOf(account, asked, { is, at, why })
      const decided = decideRelease(asked, said)
      if (asked.code !== code) {
        const message = 'The release that was asked for is about another code. Look at it again.'
        throw new AppError('conflict', message, { detail: { rule: 'code' } })
      }
      const by = { actor: account, why, at }
      if (is === 'refused') {
        await this.#saveRelease(row, decided, by)
        return row
      }
      const after = { ...row, ...(await this.#waitingKey(row, code)), status: 'active' } as const
      const { kid, publicKey } = row
      const retired = { kid, agent, publicKey, throughEpoch: 0, throughSeq: 0 }
      const change = { about: 'key', before: row, after }
      const effect = { kind: 'agent-key', agent: after, retired } as const
      await this.#saveRelease(row, decided, by, [this.#actOf(row, change, by, effect)])
      this.#options.roster.changeKey({ ...this.#options.roster.get(agent), agent: after }, retired)
      return after
    })
  }

  /** Takes a request back that nobody decided. Throws AppError. */
  withdrawRelease(agent: string, { actor, why, at }: Decision): Promise<ReleaseAct> {
    return this.#options.roster.inTurn(async () => {
      const row = this.#row(agent)
      const after = withdrawRelease(this.#askedRelease(agent), actor.role, at)
      await this.#saveRelease(row, after, { actor, why, at })
      return after
    })
  }

  #askedRelease(agent: string): ReleaseAct {
    const found = this.#releases.get(agent)
    if (found) return found
    const message = 'Nobody asked for a release of this agent.'
    throw new AppError('conflict', message, { detail: { rule: 'not_asked' } })
  }

  /** The key with this code with which a quarantined agent asks to go on. Throws AppError. */
  async #waitingKey(row: AgentRow, code: string): Promise<Pick<AgentRow, 'kid' | 'publicKey'>> {
    const { store, roster } = this.#options
    if (row.status !== 'quarantined') throw refused(row, 'Only a quarantined agent is released')
    const wishes = (await store.rejoins()).filter(({ agent }) => agent === row.agent)
    const wish = wishes.find(({ publicKey }) => rejoinCode(publicKey) === code)
    const isFree = wish && !roster.find(thumbprint(wish.publicKey))
    if (isFree) return { kid: thumbprint(wish.publicKey), publicKey: wish.publicKey }
    const message = wish
      ? 'The key with this code belongs to another agent.'
      : 'No key with this code waits. Compare it with the host.'
    throw new AppError('conflict', message, { detail: { rule: 'code' } })
  }

  /** Stores a request as it is now, with what follows from it in the same transaction. */
  async #saveRelease(
    { agent, institution }: AgentRow,
    after: ReleaseAct,
    { actor, why, at }: Decision,
    more: readonly NewAct[] = [],
  ): Promise<void> {
    const before = this.#releases.get(agent) ?? null
    const entry = {
      ...{ actor: actor.id, role: actor.role, what: releaseSubject(agent), why },
      ...{ before, after, effectiveFrom: at },
    }
    await applyActs(this.#options.store, [{ log: institution, entry }, ...more], at)
    this.#releases.set(agent, after)
    this.#options.onChange()
  }

  /** Locks an agent whose stream contradicts itself. To be called in a turn of the roster. */
  async quarantine(agent: string, why: string, at: EpochMs): Promise<void> {
    const before = this.#row(agent)
    if (before.status !== 'active') return
    const actor = { id: 'collector', role: 'collector' }
    await this.#setStatus(before, 'quarantined', { actor, why, at })
  }

  #row(agent: string): AgentRow {
    return this.#options.roster.get(agent).agent
  }

  async #setStatus(before: AgentRow, status: AgentStatus, decision: Decision): Promise<AgentRow> {
    const { agent } = before
    const change = { about: 'status', before: before.status, after: status }
    await this.#act(before, change, decision, { kind: 'agent-status', agent, status })
    this.#options.roster.setStatus(agent, status)
    return { ...before, status }
  }

  async #act(
    row: AgentRow,
    change: { about: string; before: unknown; after: unknown },
    decision: Decision,
    effect: Effect,
  ): Promise<void> {
    const act = this.#actOf(row, change, decision, effect)
    await applyActs(this.#options.store, [act], decision.at)
    this.#options.onChange()
  }

  #actOf(
    { agent, institution }: AgentRow,
    { about, before, after }: { about: string; before: unknown; after: unknown },
    { actor, why, at }: Decision,
    effect: Effect,
  ): NewAct {
    const entry = {
      ...{ actor: actor.id, role: actor.role, what: `agent/${agent}/${about}`, why },
      ...{ before, after, effectiveFrom: at },
    }
    return { log: institution, entry, effects: [effect] }
  }
}

function refused({ status }: AgentRow, rule: string): AppError {
  const message = `${rule}; this one is ${status}.`
  return new AppError('conflict', message, { detail: { rule: 'state' } })
}
