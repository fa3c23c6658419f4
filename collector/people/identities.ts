import { thumbprint } from '../../protocol/jws.ts'
import { rejoinCode } from '../../protocol/possession.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Roster } from '../ingest/roster.ts'
import type {
  AgentRow,
  AgentStatus,
  Effect,
  EvidenceReader,
  EvidenceWriter,
} from '../store/store.ts'
import { applyActs } from './acts.ts'
import type { Actor } from './tokens.ts'

/** Who decides about an agent, why, and when. */
export type Decision = { readonly actor: Actor; readonly why: string; readonly at: EpochMs }

export type IdentityOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'rejoins'>
  readonly roster: Roster
  /** Told after each change. */
  readonly onChange: () => void
}

/**
 * What is decided about enrolled agents. Each change is an act in its institution's log, holds from
 * the moment it is stored, and happens in a turn of the roster: no message is stored in between.
 */
export class Identities {
  readonly #options: IdentityOptions

  constructor(options: IdentityOptions) {
    this.#options = options
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

  /**
   * Lets a quarantined agent go on with the new key that has this code. Its old key signs nothing
   * any more, whoever else holds it. Throws AppError `conflict` when no such key waits.
   */
  release(agent: string, code: string, decision: Decision): Promise<AgentRow> {
    const { store, roster } = this.#options
    return roster.inTurn(async () => {
      const before = this.#row(agent)
      if (before.status === 'active' && rejoinCode(before.publicKey) === code) return before
      if (before.status !== 'quarantined') {
        throw refused(before, 'Only a quarantined agent is released')
      }
      const wishes = (await store.rejoins()).filter((wish) => wish.agent === agent)
      const wish = wishes.find(({ publicKey }) => rejoinCode(publicKey) === code)
      if (!wish) {
        throw new AppError('conflict', 'No key with this code waits. Compare it with the host.')
      }
      const { publicKey } = wish
      if (roster.find(thumbprint(publicKey))) {
        throw new AppError('conflict', 'The key with this code belongs to another agent.')
      }
      const after = { ...before, status: 'active', kid: thumbprint(publicKey), publicKey } as const
      const { kid, publicKey: old } = before
      const retired = { kid, agent, publicKey: old, throughEpoch: 0, throughSeq: 0 }
      const change = { about: 'key', before, after }
      await this.#act(before, change, decision, { kind: 'agent-key', agent: after, retired })
      roster.changeKey({ ...roster.get(agent), agent: after }, retired)
      return after
    })
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
    { agent, institution }: AgentRow,
    { about, before, after }: { about: string; before: unknown; after: unknown },
    { actor, why, at }: Decision,
    effect: Effect,
  ): Promise<void> {
    const entry = {
      ...{ actor: actor.id, role: actor.role, what: `agent/${agent}/${about}`, why },
      ...{ before, after, effectiveFrom: at },
    }
    const act = { log: institution, entry, effects: [effect] }
    await applyActs(this.#options.store, [act], at)
    this.#options.onChange()
  }
}

function refused({ status }: AgentRow, rule: string): AppError {
  return new AppError('conflict', `${rule}; this one is ${status}.`)
}
