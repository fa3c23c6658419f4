import { setImmediate as breath } from 'node:timers/promises'
import { Compile } from 'typebox/compile'
import { type EnrolmentAnswer, EnrolmentRequest } from '../../protocol/enrolment.ts'
import { messageTypes, publicKey, sha256, thumbprint, verifyJws } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { LogKey } from '../evidence/log-key.ts'
import { applyActs } from '../people/acts.ts'
import { letsIn, tokenId } from '../people/tokens.ts'
import {
  type AgentRow,
  type EvidenceReader,
  type EvidenceWriter,
  firstCursor,
} from '../store/store.ts'
import type { TokenRow } from '../store/tokens.ts'
import { approvalWaits, parse, readJws, requireSchema, unauthenticated } from './message.ts'
import type { Roster } from './roster.ts'

const request = Compile(EnrolmentRequest)

export type EnrolOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'token'>
  readonly roster: Roster
  readonly logKey: LogKey
}

/** Whoever asked has to ask again: somebody must decide first. */
export type Waiting = { readonly code: 'pending' | 'waiting'; readonly message: string }

/**
 * Lets a host join: the request is signed with the key it brings. The same token and key again get
 * the same answer; `ip` is where it comes from, null if nobody knows. Throws AppError `auth` for a
 * token that is not valid for this host, `conflict` for a name that another key has, or where
 * others that asked at the same moment used the token up.
 */
export async function enrol(
  { store, roster, logKey }: EnrolOptions,
  body: Buffer,
  now: EpochMs,
  ip: string | null = null,
): Promise<EnrolmentAnswer | Waiting> {
  const { token: text, name, publicKey: key } = readRequest(body)
  const token = await store.token(sha256(text))
  if (!token) throw unauthenticated()
  const { institution, environment } = token
  const agent: AgentRow = {
    ...{ agent: `a-${sha256(key).slice(0, 16)}`, institution, environment, name, enrolledAt: now },
    status: token.approval ? 'pending' : 'active',
    ...{ kid: thumbprint(key), publicKey: key },
  }
  if (roster.find(agent.kid)) return answer(known(roster, agent), logKey)
  if (!letsIn(token, ip, now)) throw unauthenticated()
  // Hosts that ask at the same moment are all looked at before the first of them joins: those that
  // come too late for a token then hear of a conflict, which is a sign that it was stolen.
  await breath()
  return roster.inTurn(async () => {
    // The same request may have been sent twice at the same moment.
    if (roster.find(agent.kid)) return answer(known(roster, agent), logKey)
    if (roster.isNameTaken(agent)) {
      throw new AppError('conflict', 'An agent of this name is enrolled already.')
    }
    await join(store, agent, token, now)
    roster.enrol(agent, firstCursor)
    return answer(agent, logKey)
  })
}

/** The agent that joined with this key before. Throws AppError `auth` for another one's key. */
function known(roster: Roster, { kid, institution, environment, name }: AgentRow): AgentRow {
  const found = roster.find(kid)
  if (!found || found.retired) throw unauthenticated()
  const { agent } = found
  const isSame = agent.institution === institution && agent.environment === environment
  if (!isSame || agent.name !== name || agent.status === 'revoked') throw unauthenticated()
  return agent
}

async function join(
  store: EnrolOptions['store'],
  agent: AgentRow,
  { hash }: TokenRow,
  now: EpochMs,
): Promise<void> {
  const entry = {
    ...{ actor: agent.agent, role: 'agent', what: `agent/${agent.agent}`, why: 'enrolment' },
    ...{ before: null, after: { ...agent, token: tokenId(hash) }, effectiveFrom: now },
  }
  const effects = [{ kind: 'agent', agent, token: hash } as const]
  await applyActs(store, [{ log: agent.institution, entry, effects }], now)
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

function answer(agent: AgentRow, { publicKey: logPublicKey, kid }: LogKey) {
  if (agent.status === 'pending') return { code: 'pending', message: approvalWaits } as const
  const { institution, environment } = agent
  const log = { id: institution, publicKey: logPublicKey, kid }
  return { v: 1, agent: agent.agent, institution, environment, epoch: 1, log } as const
}
