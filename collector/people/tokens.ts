import { randomBytes } from 'node:crypto'
import { sha256 } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { EvidenceReader, EvidenceWriter } from '../store/store.ts'
import type { TokenRow } from '../store/tokens.ts'
import { applyActs } from './acts.ts'
import { isInSubnets, requireSubnets } from './subnets.ts'

/** The longest a token may live. */
export const tokenLifeMsMax = 72 * 3_600_000

/** Who may join with a token, how often, from where, and until when. */
export type TokenGrant = {
  readonly institution: string
  readonly environment: string
  readonly usesMax: number
  readonly lifeMs: number
  /** Networks a host must join from; from anywhere without. */
  readonly subnets?: readonly string[] | null
  /** Whether an admin must approve each host. */
  readonly approval?: boolean
}

/** Who acts. */
export type Actor = { readonly id: string; readonly role: string }

/** What a token is called in lists and in the log: nobody can join with that. */
export function tokenId(hash: string): string {
  return hash.slice(0, 12)
}

/**
 * Makes a token. Only its hash is stored; the text is returned once. The caller has checked that
 * the environment is in the register. Throws AppError `invalid`.
 */
export async function makeToken(
  store: Pick<EvidenceWriter, 'applyActs'>,
  grant: TokenGrant,
  actor: Actor,
  now: EpochMs,
): Promise<{ readonly text: string; readonly token: TokenRow }> {
  const { institution, environment, usesMax, lifeMs, subnets = null, approval = false } = grant
  if (lifeMs > tokenLifeMsMax) throw new AppError('invalid', 'A token lives at most 72 hours.')
  if (subnets) requireSubnets(subnets)
  const text = newTokenText()
  const place = { hash: sha256(text), institution, environment }
  const caps = { expiresAt: now + lifeMs, usesMax, uses: 0, subnets, approval, endedAt: null }
  const token: TokenRow = { ...place, ...caps }
  const entry = {
    ...{ actor: actor.id, role: actor.role, what: `token/${tokenId(token.hash)}` },
    ...{ why: 'enrolment', before: null, after: recordOf(token), effectiveFrom: now },
  }
  await applyActs(store, [{ log: institution, entry, effects: [{ kind: 'token', token }] }], now)
  return { text, token }
}

/** Ends a token before its time; one that somebody ended before stays as it is. */
export async function endToken(
  store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'token'>,
  before: TokenRow,
  actor: Actor,
  why: string,
  now: EpochMs,
): Promise<TokenRow> {
  if (before.endedAt !== null) return before
  const after = { ...before, endedAt: now }
  const entry = {
    ...{ actor: actor.id, role: actor.role, what: `token/${tokenId(before.hash)}`, why },
    ...{ before: recordOf(before), after: recordOf(after), effectiveFrom: now },
  }
  const effect = { kind: 'token-ended', hash: before.hash, at: now } as const
  await applyActs(store, [{ log: before.institution, entry, effects: [effect] }], now)
  return after
}

/** What the log says of a token: everything but what it is found by. */
function recordOf({ hash: _, uses: __, ...rest }: TokenRow): Omit<TokenRow, 'hash' | 'uses'> {
  return rest
}

export const tokenStates = ['open', 'used', 'expired', 'ended'] as const

/** What a token is good for now: only an open one lets new hosts in. */
export function tokenState(token: TokenRow, now: EpochMs): (typeof tokenStates)[number] {
  if (token.endedAt !== null) return 'ended'
  if (token.uses >= token.usesMax) return 'used'
  return token.expiresAt <= now ? 'expired' : 'open'
}

/** Whether a host at this address may join with the token; null is an address nobody knows. */
export function letsIn(token: TokenRow, ip: string | null, now: EpochMs): boolean {
  if (tokenState(token, now) !== 'open') return false
  return token.subnets === null || (ip !== null && isInSubnets(ip, token.subnets))
}

/** 256 random bits. One that begins with a hyphen would look like an option on a command line. */
function newTokenText(): string {
  for (;;) {
    const text = randomBytes(32).toString('base64url')
    if (!text.startsWith('-')) return text
  }
}
