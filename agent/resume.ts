import type { CheckDefinition } from '../protocol/batch.ts'
import { definitionsHash } from '../protocol/definitions.ts'
import { addPause, type Fold, type KeptFold, newFold } from './fold.ts'
import type { Moment } from './gap.ts'
import { type Body, seal } from './seal.ts'

/**
 * Goes on from where the agent was when it last kept its fold, however it ended. Within the same
 * boot and with the same checks the fold goes on, and the time since is a pause. Otherwise what
 * was decided is closed as it stood (`bodies`): under the boot and the checks it belongs to.
 */
export function resumeFold(
  kept: KeptFold | null,
  definitions: readonly CheckDefinition[],
  now: Moment,
): { bodies: Body[]; fold: Fold } {
  if (!kept) return { bodies: [], fold: newFold(now.bootId, definitions, now.boot) }
  const isSameBoot = kept.fold.boot === now.bootId && kept.at.boot <= now.boot
  if (isSameBoot && hashOf(kept.fold) === definitionsHash(definitions)) {
    return { bodies: [], fold: afterPause(kept.fold, kept, now) }
  }
  const { bodies, fold: closed } = seal(kept.fold, kept.at, true)
  const fresh = newFold(now.bootId, definitions, now.boot)
  if (!isSameBoot) return { bodies, fold: fresh }
  const checks = fresh.checks.map((check) => {
    const before = closed.checks.find((each) => each.definition.check === check.definition.check)
    return before ? { ...before, definition: check.definition } : check
  })
  const { from, pauses } = closed
  return { bodies, fold: afterPause({ ...fresh, checks, from, pauses }, kept, now) }
}

function afterPause(fold: Fold, kept: KeptFold, now: Moment): Fold {
  return addPause(fold, { from: kept.at.boot, to: now.boot, why: 'agent_stopped' })
}

function hashOf({ checks }: Fold): string {
  return definitionsHash(checks.map(({ definition }) => definition))
}
