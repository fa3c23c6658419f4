import type { KeptFold } from '../fold.ts'
import type { Moment } from '../gap.ts'
import { type Identity, notEnrolled, readIdentity } from '../identity.ts'
import { type Keyring, type KeyState, openKeyring } from '../keyring.ts'
import { momentOf } from '../moment.ts'
import { Outbox } from '../outbox.ts'
import type { Program } from '../program.ts'
import type { Spool } from '../spool.ts'
import { openSpool } from '../spool-file.ts'

/** An agent that does not run, in the hands of a command. */
export type StoppedAgent = {
  readonly identity: Identity
  readonly spool: Spool
  readonly keys: Keyring
  readonly outbox: Outbox
  readonly now: Moment
}

/**
 * Works on an agent that does not run. Throws AgentError when it runs, or was never enrolled.
 */
export async function withStoppedAgent<T>(
  program: Pick<Program, 'clock' | 'root'>,
  dir: string,
  work: (agent: StoppedAgent) => Promise<T>,
): Promise<T> {
  const identity = readIdentity(dir)
  if (!identity) throw notEnrolled(dir)
  const spool = openSpool(dir, program.clock.wall())
  try {
    const keys = openKeyring(dir, spool.state('key') as KeyState | null) // written by the outbox
    const outbox = new Outbox(spool, keys, identity.agent)
    const now = momentOf(program, spool.state('fold') as KeptFold | null) // written by the watch
    return await work({ identity, spool, keys, outbox, now })
  } finally {
    spool.close()
  }
}
