import type { CursorAnswer } from '../../protocol/heartbeat.ts'
import { thumbprint } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { type LogKey, signReceipt } from '../evidence/log-key.ts'
import { StoreFailure } from '../store/failure.ts'
import type {
  Admitted,
  AgentRow,
  CursorRow,
  EvidenceReader,
  EvidenceWriter,
} from '../store/store.ts'
import {
  type Admission,
  admitEvidence,
  admitHeartbeat,
  type EvidenceMessage,
  placeInStream,
} from './admit.ts'
import { GroupCommit } from './group-commit.ts'
import { type Message, requireApproved, unauthenticated } from './message.ts'
import type { Member, Roster } from './roster.ts'
import { conflict, declaresLost } from './stream.ts'

/** What ingestion needs from outside. */
export type IngestOptions = {
  readonly store: Pick<EvidenceWriter, 'appendGroup' | 'setAside'> & Pick<EvidenceReader, 'message'>
  readonly roster: Roster
  readonly logKey: LogKey
  /** A checkpoint that the agent has not been given; null without news. */
  readonly checkpointFor?: (agent: AgentRow) => string | null
  readonly now: () => EpochMs
  /**
   * Locks an agent whose stream contradicts itself, and raises the alarm. Called in a turn of the
   * roster.
   */
  readonly quarantine: (agent: AgentRow, why: string) => Promise<void>
  /** Told after each durable commit: how many messages, how long, and whether with evidence. */
  readonly onCommit: (messages: number, durationMs: number, evidence: boolean) => void
  /** Called when a group failed and nobody knows why: the process must end. */
  readonly onFatal: (error: unknown) => void
}

type Job = {
  readonly message: StorableMessage
  readonly agent: string
  readonly received: EpochMs
}

/** What can be stored. */
export type StorableMessage = Exclude<Message, { type: 'cursor' | 'rejoin' }>

/**
 * What became of a message that is on disk now; `receipt` is a compact JWS, null for heartbeats.
 */
export type Stored = { readonly result: 'stored' | 'duplicate'; readonly receipt: string | null }

/** The only way from a message to the record: orders, groups, commits, then answers. */
export class Ingest {
  readonly #options: IngestOptions
  readonly #commits: GroupCommit<Job, Stored>

  constructor(options: IngestOptions) {
    this.#options = options
    const { roster } = options
    this.#commits = new GroupCommit((jobs) => roster.inTurn(() => this.#commit(jobs)))
  }

  /** Jobs waiting for a commit: the measure of back-pressure. */
  get waiting(): number {
    return this.#commits.waiting
  }

  /**
   * Stores a message of the stream or a heartbeat; the stream's get a receipt. Throws AppError as
   * docs/protocol.md.
   */
  async store(agent: AgentRow, message: StorableMessage, received: EpochMs): Promise<Stored> {
    return this.#commits.add({ agent: agent.agent, message, received })
  }

  /** Where an agent's stream stands. */
  cursor(agent: AgentRow): CursorAnswer {
    const { epoch, seq, prev } = this.#options.roster.get(agent.agent).cursor
    return { epoch, seq, prev }
  }

  /** Waits until all that was taken is answered, and all that was decided is stored. */
  async drain(): Promise<void> {
    await this.#commits.drain()
    await this.#options.roster.inTurn(async () => {})
  }

  async #commit(jobs: readonly Job[]): Promise<(Stored | Error)[]> {
    const { store, onCommit, onFatal } = this.#options
    // Members as they are after the jobs before in this group; the roster follows the disk.
    const ahead = new Map<string, Member>()
    const plans = jobs.map((job) => this.#plan(job, ahead.get(job.agent), ahead))
    const admissions = plans.filter((plan): plan is Admission => 'rows' in plan)
    let indices: (number | null | Error)[] = []
    const startedAt = this.#options.now()
    try {
      if (admissions.length > 0) indices = await store.appendGroup(admissions.map(rowsOf))
    } catch (error) {
      const failure = this.#unstored(error)
      return jobs.map(() => failure)
    }
    const outcome = new Map<Admission, number | null | Error>()
    const failed = new Set<string>()
    admissions.forEach((admission, i) => {
      const index = indices[i] ?? null
      const { agent } = admission.after.agent
      outcome.set(admission, index)
      if (index instanceof Error) failed.add(agent)
      else if (!failed.has(agent)) this.#settle(admission)
      // Planned on top of a message that was not stored: only the disk knows where it stands now.
      else if (hasEvidence(admission)) onFatal(new Error(`The stream of ${agent} lost its place.`))
    })
    const now = this.#options.now()
    if (admissions.length > 0) {
      onCommit(admissions.length, now - startedAt, admissions.some(hasEvidence))
    }
    const answers: (Stored | Error)[] = []
    for (const [i, job] of jobs.entries()) {
      answers.push(await this.#answer(job, plans[i]!, outcome, now).catch((error: Error) => error))
    }
    return answers
  }

  /** The roster follows the disk. */
  #settle({ rows, after }: Admission): void {
    const { roster } = this.#options
    const retired = rows.evidence?.rotation?.retired
    if (retired) roster.changeKey(after, retired)
    else roster.set(after)
  }

  #plan(job: Job, before: Member | undefined, ahead: Map<string, Member>): Admission | Refusal {
    const { roster } = this.#options
    const member = before ?? roster.get(job.agent)
    const { message, received } = job
    try {
      if (this.#precheck(member, message) === 'seen') return { seen: true }
      const admission =
        message.type === 'heartbeat'
          ? admitHeartbeat(member, message, received)
          : admitEvidence(member, message, received, () => roster.newCheckNumber())
      ahead.set(job.agent, admission.after)
      return admission
    } catch (error) {
      return { error }
    }
  }

  /**
   * Who may add evidence is decided here, in the turn in which it is stored: an agent may have been
   * revoked, or its key retired, since the message was read.
   */
  #precheck(member: Member, message: StorableMessage): 'next' | 'seen' {
    const { status, kid } = member.agent
    if (status === 'revoked') throw unauthenticated()
    requireApproved(member.agent)
    const isInUse = message.kid === kid
    if (message.type === 'heartbeat') {
      if (!isInUse) throw unauthenticated()
      return 'next'
    }
    if (status === 'quarantined') throw quarantined()
    if (!isInUse) {
      if (!isBefore(member.cursor, message)) throw unauthenticated()
      return 'seen'
    }
    const place = placeInStream(member, message)
    if (place === 'next' && message.type === 'rotation') this.#requireNewKey(message.content)
    return place
  }

  /** A key that was ever used by anybody cannot take over. */
  #requireNewKey({ publicKey }: { readonly publicKey: string }): void {
    if (this.#options.roster.find(thumbprint(publicKey))) {
      throw new AppError('schema', 'The key of a rotation must be a new one.')
    }
  }

  async #answer(
    job: Job,
    plan: Admission | Refusal,
    outcome: ReadonlyMap<Admission, number | null | Error>,
    now: EpochMs,
  ): Promise<Stored> {
    const member = this.#options.roster.get(job.agent)
    if ('rows' in plan) {
      const index = outcome.get(plan)
      if (index instanceof Error) throw index
      const { evidence } = plan.rows
      if (!evidence) return { result: 'stored', receipt: null }
      const receipt = this.#receipt(member, evidence.message, index!, evidence.leaf.hash, now)
      return { result: 'stored', receipt }
    }
    if ('seen' in plan) return this.#seen(member, job, now)
    const { error } = plan
    if (!(error instanceof AppError)) throw error
    if (error.code === 'conflict') return this.#contest(member, job, error)
    if (error.code === 'quarantined') return this.#setAside(job, error)
    throw error
  }

  /**
   * The same bytes again get the same receipt; other bytes under the same number are a conflict.
   */
  async #seen(member: Member, job: Job, now: EpochMs): Promise<Stored> {
    const { content, hash, kid } = job.message as EvidenceMessage
    const stored = await this.#options.store.message(member.agent, content.epoch, content.seq)
    if (stored?.sha256 === hash) {
      const receipt = this.#receipt(member, stored, stored.leaf, stored.leafHash, now)
      return { result: 'duplicate', receipt }
    }
    // A key from before a rotation signs nothing new, and so it cannot lock the agent either.
    if (kid !== member.agent.kid) throw unauthenticated()
    // Late from an epoch that closed without it: nothing stands against it, nothing can take it.
    if (!stored && content.epoch < member.cursor.epoch) throw conflict('The epoch is over.')
    if (stored && declaresLost(stored, hash)) throw conflict('The message was declared lost.')
    return this.#contest(member, job, conflict('Another message has this number.'))
  }

  /** Locks the agent and keeps what contradicts its stream. Always throws. */
  async #contest({ agent }: Member, job: Job, error: AppError): Promise<never> {
    try {
      await this.#options.quarantine(agent, error.message)
    } catch (cause) {
      throw this.#unstored(cause)
    }
    return this.#setAside(job, error)
  }

  /** Keeps a message that counts for nothing. Always throws. */
  async #setAside({ agent, message, received }: Job, error: AppError): Promise<never> {
    const { content, hash: sha256, jws } = message as EvidenceMessage
    const { epoch, seq } = content
    const why = error.message
    try {
      await this.#options.store.setAside({ agent, epoch, seq, sha256, received, why, jws })
    } catch (cause) {
      throw this.#unstored(cause)
    }
    throw error
  }

  /** The store itself tells of what leaves the outcome open; what is no failure of it is a bug. */
  #unstored(cause: unknown): AppError {
    if (!(cause instanceof StoreFailure)) this.#options.onFatal(cause)
    return new AppError('unavailable', 'The collector cannot store messages now.', { cause })
  }

  #receipt(
    { agent }: Member,
    message: { epoch: number; seq: number; sha256: string; received: EpochMs },
    leaf: number,
    hash: Buffer,
    now: EpochMs,
  ): string {
    const checkpoint = this.#options.checkpointFor?.(agent) ?? null
    return signReceipt(this.#options.logKey, {
      v: 1,
      log: agent.institution,
      agent: agent.agent,
      epoch: message.epoch,
      seq: message.seq,
      batch: message.sha256,
      leaf,
      leafHash: hash.toString('hex'),
      received: message.received,
      now,
      ...(checkpoint !== null && { checkpoint }),
    })
  }
}

type Refusal = { readonly error: unknown } | { readonly seen: true }

function rowsOf({ rows }: Admission): Admitted {
  return rows
}

function hasEvidence({ rows }: Admission): boolean {
  return rows.evidence !== null
}

function isBefore({ epoch, seq }: CursorRow, { content }: EvidenceMessage): boolean {
  return content.epoch < epoch || (content.epoch === epoch && content.seq < seq)
}

function quarantined(): AppError {
  return new AppError('quarantined', 'The agent is locked; an admin must release it.')
}
