import { randomBytes } from 'node:crypto'
import { Compile } from 'typebox/compile'
import { type EnrolmentAnswer, EnrolmentRequest } from '../../protocol/enrolment.ts'
import { messageTypes, publicKey, sha256, thumbprint, verifyJws } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { LogKey } from '../evidence/log-key.ts'
import { applyActs } from '../people/acts.ts'
import {
  type AgentRow,
  type EvidenceReader,
  type EvidenceWriter,
  firstCursor,
  type TokenRow,
} from '../store/store.ts'
import { parse, readJws, requireSchema, unauthenticated } from './message.ts'
import type { Roster } from './roster.ts'

const request = Compile(EnrolmentRequest)

/** The longest a token may live. */
export const tokenLifeMsMax = 72 * 3_600_000

export type EnrolOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'token'>
  readonly roster: Roster
  readonly logKey: LogKey
}

/** Who may join with a token, how often, and until when. */
export type TokenGrant = {
  readonly institution: string
  readonly environment: string
  readonly usesMax: number
  readonly lifeMs: number
}

/**
 * Makes a token. Only its hash is stored; the text is returned once. The caller has checked that
 * the environment is in the register.
 */
export async function makeToken(
  store: Pick<EvidenceWriter, 'applyActs'>,
  grant: TokenGrant,
  actor: { readonly id: string; readonly role: string },
  now: EpochMs,
): Promise<string> {
  if (grant.lifeMs > tokenLifeMsMax) {
    throw new AppError('invalid', 'A token lives at most 72 hours.')
  }
  const text = randomBytes(32).toString('base64url')
  const { institution, environment, usesMax } = grant
  const expiresAt = now + grant.lifeMs
  const token: TokenRow = {
    hash: sha256(text),
    institution,
    environment,
    expiresAt,
    usesMax,
    uses: 0,
  }
  const entry = {
    actor: actor.id,
    role: actor.role,
    what: `token/${token.hash.slice(0, 12)}`,
    why: 'enrolment',
    before: null,
    after: { environment, expiresAt, usesMax },
    effectiveFrom: now,
  }
  await applyActs(store, [{ log: institution, entry, effects: [{ kind: 'token', token }] }], now)
  return text
}

/**
 * Lets a host join: the request is signed with the key it brings. The same token and key again get
 * the same answer. Throws AppError `auth` for a token that is not valid, `conflict` for a name that
 * another key has.
 */
export async function enrol(
  { store, roster, logKey }: EnrolOptions,
  body: Buffer,
  now: EpochMs,
): Promise<EnrolmentAnswer> {
  const { token: text, name, publicKey: key } = readRequest(body)
  const token = await store.token(sha256(text))
  if (!token) throw unauthenticated()
  const kid = thumbprint(key)
  const known = roster.find(kid)?.agent
  if (known) {
    const same = known.institution === token.institution && known.environment === token.environment
    if (!same || known.name !== name || known.status === 'revoked') throw unauthenticated()
    return answer(known, logKey)
  }
  if (token.expiresAt <= now || token.uses >= token.usesMax) throw unauthenticated()
  const { institution, environment } = token
  const agent: AgentRow = {
    agent: `a-${sha256(key).slice(0, 16)}`,
    institution,
    environment,
    name,
    enrolledAt: now,
    status: 'active',
    kid,
    publicKey: key,
  }
  await join(store, roster, agent, token.hash, now)
  roster.enrol(agent, firstCursor)
  return answer(agent, logKey)
}

async function join(
  store: EnrolOptions['store'],
  roster: Roster,
  agent: AgentRow,
  token: string,
  now: EpochMs,
): Promise<void> {
  const { institution, environment, name } = agent
  for (const { agent: other } of roster.all()) {
    const taken =
      other.institution === institution && other.environment === environment && other.name === name
    if (taken) throw new AppError('conflict', 'An agent of this name is enrolled already.')
  }
  const entry = {
    actor: agent.agent,
    role: 'agent',
    what: `agent/${agent.agent}`,
    why: 'enrolment',
    before: null,
    after: agent,
    effectiveFrom: now,
  }
  const effects = [{ kind: 'agent', agent, token } as const]
  await applyActs(store, [{ log: institution, entry, effects }], now)
}

function readRequest(body: Buffer): EnrolmentRequest {
  const jws = readJws(body.toString('latin1'))
  if (jws.typ !== messageTypes.enrolment) throw unauthenticated()
  const content = parse(jws.payload)
  requireSchema(content, request)
  const asked = content as EnrolmentRequest
  const own = thumbprint(asked.publicKey) === jws.kid
  if (!own || !verifyJws(jws, publicKey(asked.publicKey))) throw unauthenticated()
  return asked
}

function answer(agent: AgentRow, { publicKey: logPublicKey, kid }: LogKey): EnrolmentAnswer {
  const { institution, environment } = agent
  const log = { id: institution, publicKey: logPublicKey, kid }
  return { v: 1, agent: agent.agent, institution, environment, epoch: 1, log }
}
