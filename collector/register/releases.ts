import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { notFor, roleMay } from '../people/permissions.ts'
import { type Decision, decide, type Proposal } from '../people/two-person.ts'
import { isDecision, isInstant, isRecord, judged } from './act-log.ts'
import type { Entry } from './difference.ts'

/** That a quarantined agent shall go on with a new key, as one person asked for it. */
export type ReleaseAct = Proposal & {
  /** The agent. */
  readonly id: string
  /** Of the new key, as its host shows it. */
  readonly code: string
  /** The new key's thumbprint: it is this key that is approved, and no other one. */
  readonly kid: string
  readonly why: string
  readonly withdrawnAt: EpochMs | null
}

/** The newest request about each agent. */
export type ReleaseBook = ReadonlyMap<string, ReleaseAct>

/** The `what` of an entry about it. */
export function releaseSubject(agent: string): string {
  return `agent/${agent}/release`
}

/** The agent whose release an entry is about; null where it is about something else. */
export function parseReleaseSubject(what: string): string | null {
  if (!what.startsWith('agent/')) return null
  const [, agent = '', about, ...rest] = what.split('/')
  return about === 'release' && agent !== '' && rest.length === 0 ? agent : null
}

/** Whether somebody still has to decide about it. */
export function isOpenRelease({ decision, withdrawnAt }: ReleaseAct): boolean {
  return decision === null && withdrawnAt === null
}

/** Asks for a release; `known` is what was asked for before. Throws AppError. */
export function askRelease(
  asked: Pick<ReleaseAct, 'id' | 'code' | 'kid' | 'why'>,
  who: { readonly by: string; readonly role: string },
  at: EpochMs,
  known: ReleaseAct | null,
): ReleaseAct {
  if (!roleMay(who.role, 'agents.manage')) throw notFor('agents.manage')
  if (known && isOpenRelease(known)) {
    const message = 'A release of this agent already waits for approval.'
    throw new AppError('conflict', message, { detail: { rule: 'asked' } })
  }
  const { id, code, kid, why } = asked
  return {
    ...{ id, code, kid, why, requestedBy: who.by, requestedAt: at },
    ...{ decision: null, withdrawnAt: null },
  }
}

/** The request as a second person decided it. Throws AppError. */
export function decideRelease(act: ReleaseAct, decision: Decision): ReleaseAct {
  requireKept(act)
  return decide(act, decision, 'releases.decide')
}

/** The request as it was taken back. Throws AppError. */
export function withdrawRelease(act: ReleaseAct, role: string, at: EpochMs): ReleaseAct {
  if (!roleMay(role, 'agents.manage')) throw notFor('agents.manage')
  requireKept(act)
  if (act.decision) {
    const message = `This was decided before: it is ${act.decision.is}.`
    throw new AppError('conflict', message, { detail: { rule: 'decided' } })
  }
  return { ...act, withdrawnAt: at }
}

function requireKept({ withdrawnAt }: ReleaseAct): void {
  if (withdrawnAt === null) return
  throw new AppError('conflict', 'It was withdrawn.', { detail: { rule: 'withdrawn' } })
}

/**
 * Folds entries, oldest first, into the newest request about each agent. Every act is judged again
 * by the rules that it was let in by, and one that breaks them counts for nothing.
 */
export function foldReleases(entries: readonly Entry[]): Map<string, ReleaseAct> {
  const book = new Map<string, ReleaseAct>()
  for (const entry of entries) {
    const agent = parseReleaseSubject(entry.what)
    if (agent === null) continue
    const known = book.get(agent)
    const { actor: by, role, why, effectiveFrom: at } = entry
    const after = judged(entry, agent, known ? [known] : [], {
      read: releaseActOf,
      again: (before, value) => {
        if (!before || !isOpenRelease(before)) return askRelease(value, { by, role }, at, before)
        if (value.withdrawnAt !== null) return withdrawRelease(before, role, at)
        return decideRelease(before, { is: value.decision?.is ?? 'refused', by, role, at, why })
      },
    })
    if (after) book.set(agent, after)
  }
  return book
}

/** A request that an entry holds; null where it holds something else. */
export function releaseActOf(value: unknown): ReleaseAct | null {
  if (!isRecord(value)) return null
  const { id, code, kid, why, requestedBy, requestedAt, decision, withdrawnAt } = value
  const texts = [id, code, kid, why, requestedBy].every((each) => typeof each === 'string')
  const instants = [requestedAt, withdrawnAt ?? 0].every(isInstant)
  const isDecided = decision === null || isDecision(decision)
  // Every field was looked at.
  return texts && instants && isDecided ? (value as unknown as ReleaseAct) : null
}
