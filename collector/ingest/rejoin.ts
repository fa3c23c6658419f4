import { thumbprint } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { EvidenceWriter } from '../store/store.ts'
import { isProved } from './admit.ts'
import type { Waiting } from './enrol.ts'
import { type Message, unauthenticated } from './message.ts'
import type { Roster } from './roster.ts'

export type RejoinOptions = {
  readonly store: Pick<EvidenceWriter, 'saveRejoin'>
  readonly roster: Roster
}

/**
 * Keeps a quarantined agent's wish to go on with a new key until an admin decides. Throws AppError
 * `auth` when the new key is not proved to be the agent's, `conflict` when the agent is not locked
 * or the key was used before.
 */
export async function askToRejoin(
  { store, roster }: RejoinOptions,
  { content: { agent, publicKey, possession } }: Extract<Message, { type: 'rejoin' }>,
  now: EpochMs,
): Promise<Waiting> {
  if (!isProved('rejoin', agent, publicKey, possession)) throw unauthenticated()
  return roster.inTurn(async () => {
    const { status } = roster.get(agent).agent
    if (status === 'revoked') throw unauthenticated()
    if (status !== 'quarantined') throw new AppError('conflict', 'The agent is not locked.')
    if (roster.find(thumbprint(publicKey))) {
      throw new AppError('conflict', 'The key was used before; the agent must make a new one.')
    }
    await store.saveRejoin({ agent, publicKey, askedAt: now })
    return { code: 'waiting', message: 'An admin must release this agent with its code.' }
  })
}
