import type { CursorAnswer } from '../../protocol/heartbeat.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { type LogKey, signReceipt } from '../evidence/log-key.ts'
import type { Admitted, AgentRow, EvidenceReader, EvidenceWriter } from '../store/store.ts'
import {
  type Admission,
  admitEvidence,
  admitHeartbeat,
  type EvidenceMessage,
  placeInStream,
} from './admit.ts'
import { GroupCommit } from './group-commit.ts'
import type { Message } from './message.ts'
import type { Member, Roster } from './roster.ts'
import { conflict } from './stream.ts'

/** What ingestion needs from outside. */
export type IngestOptions = {
  readonly store: Pick<EvidenceWriter, 'appendGroup'> & Pick<EvidenceReader, 'message' | 'leaf'>
  readonly roster: Roster
  readonly logKey: LogKey
  readonly now: () => EpochMs
  /** Locks an agent whose stream contradicts itself, and raises the alarm. */
  readonly quarantine: (agent: AgentRow, why: string) => Promise<void>
  /** Told after each durable commit: how many messages, how long, and whether with evidence. */
  readonly onCommit: (messages: number, durationMs: number, evidence: boolean) => void
  /** Called when the disk failed in a way that leaves the outcome open: the process must end. */
  readonly onFatal: (error: unknown) => void
}

type Job = {
  readonly message: StorableMessage
  readonly agent: string
  readonly received: EpochMs
}

/** What can be stored. */
export type StorableMessage = Exclude<Message, { type: 'cursor' }>

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
    this.#commits = new GroupCommit((jobs) => this.#commit(jobs))
  }

  /** Jobs waiting for a commit: the measure of back-pressure. */
  get waiting(): number {
    return this.#commits.waiting
  }

  /**
   * Stores a batch, gap or heartbeat; evidence gets a receipt. Throws AppError as
   * docs/protocol.md.
   */
  async store(agent: AgentRow, message: StorableMessage, received: EpochMs): Promise<Stored> {
    if (agent.status === 'quarantined' && message.type !== 'heartbeat') {
      throw conflict('The agent is quarantined.')
    }
    return this.#commits.add({ agent: agent.agent, message, received })
  }

  /** Where an agent's stream stands. */
  cursor(agent: AgentRow): CursorAnswer {
    const { epoch, seq, prev } = this.#options.roster.get(agent.agent).cursor
    return { epoch, seq, prev }
  }

  /** Waits until all that was taken is answered. */
  drain(): Promise<void> {
    return this.#commits.drain()
  }

  async #commit(jobs: readonly Job[]): Promise<(Stored | Error)[]> {
    const { roster, store, onCommit, onFatal } = this.#options
    // Members as they are after the jobs before in this group; the roster follows the disk.
    const ahead = new Map<string, Member>()
    const plans = jobs.map((job) => this.#plan(job, ahead.get(job.agent), ahead))
    const admissions = plans.filter((plan): plan is Admission => 'rows' in plan)
    let indices: (number | null | Error)[] = []
    const startedAt = this.#options.now()
    try {
      if (admissions.length > 0) indices = await store.appendGroup(admissions.map(rowsOf))
    } catch (error) {
      const failure = unavailable(error)
      if (!isDiskFull(error)) onFatal(error)
      return jobs.map(() => failure)
    }
    const outcome = new Map<Admission, number | null | Error>()
    const failed = new Set<string>()
    admissions.forEach((admission, i) => {
      const index = indices[i] ?? null
      const { agent } = admission.after.agent
      outcome.set(admission, index)
      if (index instanceof Error) failed.add(agent)
      else if (!failed.has(agent)) roster.set(admission.after)
      // Planned on top of a message that was not stored: only the disk knows where it stands now.
      else if (hasEvidence(admission)) onFatal(new Error(`The stream of ${agent} lost its place.`))
    })
    if (admissions.length > 0) {
      const durationMs = this.#options.now() - startedAt
      onCommit(admissions.length, durationMs, admissions.some(hasEvidence))
    }
    return Promise.all(
      jobs.map((job, i) => this.#answer(job, plans[i]!, outcome).catch((error: Error) => error)),
    )
  }

  #plan(job: Job, before: Member | undefined, ahead: Map<string, Member>): Admission | Refusal {
    const { roster } = this.#options
    const member = before ?? roster.get(job.agent)
    const { message, received } = job
    try {
      if (message.type !== 'heartbeat' && placeInStream(member, message) === 'seen') {
        return { seen: true }
      }
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

  async #answer(
    { agent, message }: Job,
    plan: Admission | Refusal,
    outcome: ReadonlyMap<Admission, number | null | Error>,
  ): Promise<Stored> {
    const { roster, quarantine } = this.#options
    const member = roster.get(agent)
    if ('rows' in plan) {
      const index = outcome.get(plan)
      if (index instanceof Error) throw index
      const { evidence } = plan.rows
      if (!evidence) return { result: 'stored', receipt: null }
      const receipt = this.#receipt(member, evidence.message, index!, evidence.leaf.hash)
      return { result: 'stored', receipt }
    }
    if ('seen' in plan) return this.#seen(member, message as EvidenceMessage)
    if (plan.error instanceof AppError && plan.error.code === 'conflict') {
      await quarantine(member.agent, plan.error.message)
    }
    throw plan.error
  }

  /**
   * The same bytes again get the same receipt; other bytes under the same number are a conflict.
   */
  async #seen(member: Member, { content, hash }: EvidenceMessage): Promise<Stored> {
    const { store, quarantine } = this.#options
    const stored = await store.message(member.agent, content.epoch, content.seq)
    if (stored?.sha256 === hash) {
      const leaf = await store.leaf(member.agent.institution, stored.leaf)
      return {
        result: 'duplicate',
        receipt: this.#receipt(member, stored, stored.leaf, leaf!.hash),
      }
    }
    const error = conflict('Another message has this number.')
    await quarantine(member.agent, error.message)
    throw error
  }

  #receipt(
    { agent }: Member,
    message: { epoch: number; seq: number; sha256: string; received: EpochMs },
    leaf: number,
    hash: Buffer,
  ): string {
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
      now: this.#options.now(),
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

/** A full disk rolls back whole and passes; any other failure leaves the outcome open. */
function isDiskFull(error: unknown): boolean {
  return (error as { code?: string }).code === 'SQLITE_FULL'
}

function unavailable(cause: unknown): AppError {
  return new AppError('unavailable', 'The collector cannot store messages now.', { cause })
}
