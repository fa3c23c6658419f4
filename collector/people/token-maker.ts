import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { isWitness } from '../evidence/leaf.ts'
import { registerAt } from '../register/history.ts'
import type { Store } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { HeldHistory } from './held-log.ts'
import { makeToken, type TokenGrant } from './tokens.ts'

/** Makes tokens for environments that the register names now, and for witnesses. */
export function tokenMaker(store: Store, history = new HeldHistory(store)) {
  return async (grant: TokenGrant, actor: Account, now: EpochMs) => {
    const { institutions } = registerAt(await history.read(), now)
    const isNamed = institutions
      .find(({ id }) => id === grant.institution)
      ?.environments.some(({ id }) => id === grant.environment)
    if (!isNamed && !isWitness(grant))
      throw new AppError('not_found', 'There is no such environment.')
    return makeToken(store, grant, actor, now)
  }
}
