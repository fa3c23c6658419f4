import { type EpochMs, hourMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Member, Roster } from '../ingest/roster.ts'
import type { ReleaseAct } from '../register/releases.ts'
import type { CheckpointRow, LogReader } from '../store/logs.ts'
import type { AgentRow, EvidenceReader, EvidenceWriter } from '../store/store.ts'
import type { TokenRow } from '../store/tokens.ts'
import type { Account } from './accounts.ts'
import type { Decision, Identities } from './identities.ts'
import { type Act, requireMay } from './permissions.ts'
import { requireSubnets, subnetsMax } from './subnets.ts'
import { endToken, type TokenGrant, tokenId, tokenState, type tokenStates } from './tokens.ts'

/** What a token may be made for, as the API has it too. */
export const tokenCaps = { usesMax: 500, lifeHoursMax: 72, subnetsMax } as const

export type HostsOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> &
    Pick<EvidenceReader, 'tokens' | 'token' | 'rejoins' | 'contestedCounts' | 'message'> &
    Pick<LogReader, 'newestCheckpoints'>
  readonly roster: Roster
  readonly identities: Pick<
    Identities,
    'approve' | 'revoke' | 'askRelease' | 'decideRelease' | 'withdrawRelease' | 'openRelease'
  >
  readonly makeToken: (
    grant: TokenGrant,
    actor: Account,
    now: EpochMs,
  ) => Promise<{ readonly text: string; readonly token: TokenRow }>
  readonly now: () => EpochMs
}

/** An enrolled agent as its people see it. */
export type Host = Omit<AgentRow, 'publicKey'> & {
  readonly lastReportAt: EpochMs | null
  readonly lastBatchAt: EpochMs | null
  readonly version: string | null
  /** Keys with which it asks to go on after a quarantine. */
  readonly rejoins: number
  /** Messages kept aside while it was quarantined. */
  readonly contested: number
  /** That it may go on, as somebody asked for it and nobody decided yet. */
  readonly release: ReleaseAct | null
}

/** A token without what it is found by. */
export type ListedToken = Omit<TokenRow, 'hash'> & {
  readonly id: string
  readonly state: (typeof tokenStates)[number]
}

/** The newest message of an agent that is in the log: what its receipt says. */
export type KeptMessage = {
  readonly agent: string
  readonly name: string
  readonly environment: string
  readonly epoch: number
  readonly seq: number
  readonly leaf: number
  readonly batch: string
  readonly received: EpochMs
}

/** Which hosts may join, as somebody asks for it. */
export type AskedToken = Pick<TokenGrant, 'environment' | 'usesMax' | 'subnets' | 'approval'> & {
  readonly lifeHours: number
}

/** What somebody decides about an agent. */
export type HostAct = {
  readonly is: keyof typeof hostActs
  /** Of the key, where it is about a release; else empty. */
  readonly code: string
}

/** Who may do which of it. */
export const hostActs = {
  ...{ approve: 'agents.manage', revoke: 'agents.manage' },
  ...{ release: 'agents.manage', 'withdraw-release': 'agents.manage' },
  ...{ 'approve-release': 'releases.decide', 'refuse-release': 'releases.decide' },
} as const satisfies Record<string, Act>

/** Agents whose newest message is shown; the agents themselves keep all their receipts. */
export const keptMessagesMax = 100

/** The hosts of an institution: their agents, the tokens with which they join, their receipts. */
export class Hosts {
  readonly #options: HostsOptions
  /** By agent, for those that somebody looked at. */
  readonly #newest = new Map<string, KeptMessage>()

  constructor(options: HostsOptions) {
    this.#options = options
  }

  /** The agents of an institution by environment and name, those that are shut out last. */
  async list(institution: string): Promise<Host[]> {
    const { store, identities } = this.#options
    const wishes = Map.groupBy(await store.rejoins(), ({ agent }) => agent)
    const contested = await store.contestedCounts()
    return this.#members(institution).map(({ agent: { publicKey: _, ...row }, contact }) => ({
      ...row,
      lastReportAt: contact?.lastReportAt ?? null,
      lastBatchAt: contact?.lastBatchAt ?? null,
      version: contact?.version ?? null,
      rejoins: wishes.get(row.agent)?.length ?? 0,
      contested: contested.get(row.agent) ?? 0,
      release: identities.openRelease(row.agent),
    }))
  }

  /** The tokens of an institution: the open ones first, then those that ended last. */
  async tokens(institution: string): Promise<ListedToken[]> {
    const at = this.#options.now()
    const own = (await this.#options.store.tokens()).filter(
      (token) => token.institution === institution,
    )
    return own
      .map((token) => ({ ...token, state: tokenState(token, at) }))
      .map(({ hash, ...rest }) => ({ ...rest, id: tokenId(hash) }))
      .sort((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || later(a, b))
  }

  /** What stands in the log of each agent's newest message, and the newest note on that log. */
  async kept(institution: string): Promise<{
    readonly messages: readonly KeptMessage[]
    readonly more: number
    readonly checkpoint: CheckpointRow | null
  }> {
    const members = this.#members(institution).filter(({ cursor: { seq } }) => seq > 1)
    const messages: KeptMessage[] = []
    for (const member of members.slice(0, keptMessagesMax)) {
      const found = await this.#newestOf(member)
      if (found) messages.push(found)
    }
    const checkpoint = await this.checkpoint(institution)
    return { messages, more: Math.max(0, members.length - keptMessagesMax), checkpoint }
  }

  /** The newest signed note of a log; null before the first. */
  async checkpoint(log: string): Promise<CheckpointRow | null> {
    const notes = await this.#options.store.newestCheckpoints()
    return notes.find((each) => each.log === log) ?? null
  }

  /**
   * Makes a token for hosts of an institution; its text is answered this once. Throws AppError:
   * `not_found` for an environment that the register does not name.
   */
  async makeToken(account: Account, institution: string, asked: AskedToken) {
    const { makeToken, now } = this.#options
    const { lifeHours, ...grant } = asked
    if (grant.subnets) requireSubnets(grant.subnets)
    const made = await makeToken(
      { ...grant, institution, lifeMs: lifeHours * hourMs },
      account,
      now(),
    )
    return { text: made.text, id: tokenId(made.token.hash), token: made.token }
  }

  /** Ends a token of an institution. Throws AppError `not_found`, for a foreign one too. */
  async endToken(account: Account, institution: string, id: string, why: string): Promise<void> {
    const { store, now } = this.#options
    const tokens = await store.tokens()
    const token = tokens.find(
      (each) => each.institution === institution && tokenId(each.hash) === id,
    )
    if (!token) throw new AppError('not_found', 'There is no such token.')
    await endToken(store, token, account, why, now())
  }

  /** Lets an agent in, shuts it out, or lets it go on. Throws AppError as Identities does. */
  async decide(
    account: Account,
    institution: string,
    agent: string,
    act: HostAct,
    why: string,
  ): Promise<void> {
    const { roster, identities, now } = this.#options
    requireMay(account, hostActs[act.is], institution)
    if (!roster.has(agent) || roster.get(agent).agent.institution !== institution) {
      throw new AppError('not_found', 'There is no such agent.')
    }
    const decision: Decision = { actor: account, why, at: now() }
    const { is, code } = act
    if (is === 'release') await identities.askRelease(agent, code, decision)
    else if (is === 'withdraw-release') await identities.withdrawRelease(agent, decision)
    else if (is === 'approve' || is === 'revoke') await identities[is](agent, decision)
    else {
      const verdict = is === 'approve-release' ? 'approved' : 'refused'
      const said = { is: verdict, code, why, at: decision.at } as const
      await identities.decideRelease(account, agent, said)
    }
  }

  /**
   * Held, as pages ask again every few seconds and an agent seals every ten minutes. Null right
   * after it declared a loss of several messages, which is found by the first of them only.
   */
  async #newestOf({ agent: row, cursor }: Member): Promise<KeptMessage | null> {
    const last = cursor.seq - 1
    const held = this.#newest.get(row.agent)
    if (held && held.epoch === cursor.epoch && held.seq === last) return held
    const found = await this.#options.store.message(row, cursor.epoch, last)
    if (!found) return null
    const { agent, name, environment } = row
    const { epoch, seq, leaf, sha256: batch, received } = found
    const message = { agent, name, environment, epoch, seq, leaf, batch, received }
    this.#newest.set(agent, message)
    return message
  }

  #members(institution: string): Member[] {
    return [...this.#options.roster.all()]
      .filter(({ agent }) => agent.institution === institution)
      .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  }
}

function orderOf({ agent: { status, environment, name, agent } }: Member): string {
  return [status === 'revoked' ? 1 : 0, environment, name, agent].join(' ')
}

function later(a: TokenRow | ListedToken, b: TokenRow | ListedToken): number {
  return b.expiresAt - a.expiresAt
}
