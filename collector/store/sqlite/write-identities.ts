import type Database from 'better-sqlite3'
import { AppError } from '../../error.ts'
import {
  type AgentRow,
  type Effect,
  type RejoinRow,
  type RetiredKey,
  rejoinsMax,
} from '../store.ts'
import { PeopleWriter } from './people.ts'

/** Writes who may send, and what people's acts change of it. Inside somebody's transaction. */
export class IdentityWriter {
  readonly #write: ReturnType<typeof statements>
  readonly #people: PeopleWriter

  constructor(db: Database.Database) {
    this.#write = statements(db)
    this.#people = new PeopleWriter(db)
  }

  /** Throws AppError `conflict` when a token or a name was taken at the same moment. */
  apply(effect: Effect): void {
    const write = this.#write
    switch (effect.kind) {
      case 'token': {
        const { hash, institution, environment, expiresAt, usesMax, uses, ...rest } = effect.token
        const subnets = rest.subnets && JSON.stringify(rest.subnets)
        const caps = [subnets, rest.approval ? 1 : 0, rest.endedAt]
        write.token.run(hash, institution, environment, expiresAt, usesMax, uses, ...caps)
        break
      }
      case 'token-ended':
        write.endToken.run(effect.at, effect.hash)
        break
      case 'agent':
        this.#enrol(effect.agent, effect.token)
        break
      case 'agent-status':
        write.agentStatus.run(effect.status, effect.agent)
        if (effect.status === 'revoked') write.forgetRejoins.run(effect.agent)
        break
      case 'agent-key':
        this.changeKey(effect.agent, effect.retired)
        write.agentStatus.run(effect.agent.status, effect.agent.agent)
        write.forgetRejoins.run(effect.agent.agent)
        break
      case 'frozen-cycle': {
        const { cycle, revision, sha256, sizes, ...rest } = effect.row
        const { register, policy, model, engine, at } = rest
        const basis = [JSON.stringify(sizes), register, policy, model, engine, at]
        write.frozen.run(cycle, revision, effect.bytes, sha256, ...basis)
        break
      }
      case 'dirty-day':
        write.dirty.run(effect.institution, effect.environment, effect.day)
        break
      default:
        this.#people.apply(effect)
    }
  }

  /** An agent's key in use, and the one before it. */
  changeKey({ agent, kid, publicKey }: AgentRow, retired: RetiredKey): void {
    const { throughEpoch, throughSeq } = retired
    this.#write.retire.run(retired.kid, agent, retired.publicKey, throughEpoch, throughSeq)
    this.#write.key.run(kid, publicKey, agent)
  }

  rejoin({ agent, publicKey, askedAt }: RejoinRow): void {
    this.#write.rejoin.run(agent, publicKey, askedAt)
    this.#write.trimRejoins.run(agent, agent, rejoinsMax)
  }

  #enrol(agent: AgentRow, token: string | null): void {
    const { institution, environment, name } = agent
    // Checked here and not before: of two hosts with one token at the same moment one loses.
    if (token !== null && this.#write.useToken.run(token).changes === 0) {
      throw new AppError('conflict', 'The token was used by another host.')
    }
    const place = [institution, environment, name]
    // The name of a revoked agent passes to the one that follows it, and its timelines with it.
    this.#write.passFacts.run(agent.agent, ...place)
    const days = this.#write.passFactDays.run(agent.agent, ...place)
    this.#write.passValueDays.run(agent.agent, ...place)
    if (days.changes > 0) this.#write.markFacts.run(institution, environment)
    this.#write.passChecks.run(agent.agent, ...place)
    this.#write.agent.run(
      agent.agent,
      ...place,
      agent.enrolledAt,
      agent.status,
      agent.kid,
      agent.publicKey,
      token ?? '',
    )
  }
}

function statements(db: Database.Database) {
  const revoked = `(SELECT agent FROM agent
    WHERE institution = ? AND environment = ? AND name = ? AND status = 'revoked')`
  return {
    token: db.prepare(
      `INSERT INTO token (hash, institution, environment, expires_at, uses_max, uses, subnets,
         approval, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    endToken: db.prepare('UPDATE token SET ended_at = ? WHERE hash = ? AND ended_at IS NULL'),
    useToken: db.prepare('UPDATE token SET uses = uses + 1 WHERE hash = ? AND uses < uses_max'),
    agent: db.prepare(
      `INSERT INTO agent (agent, institution, environment, name, enrolled_at, status, kid,
         public_key, token) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    passFacts: db.prepare(`UPDATE OR REPLACE fact SET agent = ? WHERE agent IN ${revoked}`),
    passFactDays: db.prepare(`UPDATE OR REPLACE fact_day SET agent = ? WHERE agent IN ${revoked}`),
    passValueDays: db.prepare(
      `UPDATE OR REPLACE value_day SET agent = ? WHERE agent IN ${revoked}`,
    ),
    markFacts: db.prepare(
      `UPDATE fact_mark SET facts = facts + 1, vals = vals + 1
       WHERE institution = ? AND environment = ?`,
    ),
    passChecks: db.prepare(
      `UPDATE check_state SET agent = ?, boot = NULL WHERE agent IN ${revoked}`,
    ),
    agentStatus: db.prepare('UPDATE agent SET status = ? WHERE agent = ?'),
    key: db.prepare('UPDATE agent SET kid = ?, public_key = ? WHERE agent = ?'),
    retire: db.prepare(
      `INSERT INTO retired_key (kid, agent, public_key, through_epoch, through_seq)
       VALUES (?, ?, ?, ?, ?)`,
    ),
    rejoin: db.prepare(
      'INSERT OR REPLACE INTO rejoin (agent, public_key, asked_at) VALUES (?, ?, ?)',
    ),
    trimRejoins: db.prepare(
      `DELETE FROM rejoin WHERE agent = ? AND public_key NOT IN
         (SELECT public_key FROM rejoin WHERE agent = ? ORDER BY asked_at DESC LIMIT ?)`,
    ),
    forgetRejoins: db.prepare('DELETE FROM rejoin WHERE agent = ?'),
    frozen: db.prepare(
      `INSERT INTO frozen_cycle (cycle, revision, bytes, sha256, sizes, register, policy, model,
         engine, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    dirty: db.prepare(
      `INSERT INTO dirty_day (institution, environment, day, mark) VALUES (?, ?, ?, 1)
       ON CONFLICT (institution, environment, day) DO UPDATE SET mark = mark + 1`,
    ),
  }
}
