import type { EpochMs } from '../../protocol/time.ts'
import type { AccountService } from './accounts.ts'
import type { OidcClient } from './oidc.ts'
import type { OidcSettings } from './oidc-settings.ts'

/** Signing in by a provider. */
export type OidcSignIn = {
  readonly client: Pick<OidcClient, 'begin' | 'finish' | 'endSessionUrl'>
  /**
   * The secret of a new session of the account with this claim; null where there is none. An
   * account is never made by signing in.
   */
  readonly signIn: AccountService['signInExternal']
}

/** The libraries are loaded only where there is a provider. Nothing is asked of it yet. */
export async function openOidc(
  settings: OidcSettings | null,
  accounts: Pick<AccountService, 'signInExternal'>,
  now: () => EpochMs,
): Promise<OidcSignIn | null> {
  if (!settings) return null
  const { OidcClient } = await import('./oidc.ts')
  const client = new OidcClient(settings, now)
  return { client, signIn: (claim) => accounts.signInExternal(claim) }
}
