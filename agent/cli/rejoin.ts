import type { CursorAnswer, CursorQuestion } from '../../protocol/heartbeat.ts'
import { messageTypes, publicKeyText } from '../../protocol/jws.ts'
import { provePossession, rejoinCode } from '../../protocol/possession.ts'
import type { RejoinRequest } from '../../protocol/rejoin.ts'
import { readCursor, readRefusal } from '../answer.ts'
import { trustAuthorities } from '../authorities.ts'
import { AgentError } from '../error.ts'
import { type Signer, signerOf } from '../identity.ts'
import { ensureKey, forgetKey, installKey, readKey } from '../key-files.ts'
import { Keyring } from '../keyring.ts'
import { said, say } from '../language.ts'
import { Outbox } from '../outbox.ts'
import { type Answer, openPost, type Post } from '../post.ts'
import { type Program, sharedOptions } from '../program.ts'
import { type Command, text, type Values } from './command.ts'
import { loadConfig } from './files.ts'
import { type StoppedAgent, withStoppedAgent } from './stopped-agent.ts'
import { aboutTexts } from './texts/help.ts'
import { rejoinTexts } from './texts/joining.ts'
import { Away, poll, waitingCode, waitOption } from './waiting.ts'

/** Lets a quarantined agent go on with a new key, once an administrator agrees. */
export const rejoin: Command = {
  about: aboutTexts.rejoin,
  options: { config: sharedOptions.config, dir: sharedOptions.dir, wait: waitOption },
  details: rejoinTexts.details,
  run: (program, values) => {
    const { collector, authorities } = loadConfig(text(values, 'config') ?? '')
    const dir = text(values, 'dir') ?? ''
    trustAuthorities(authorities)
    return withStoppedAgent(program, dir, async (agent) => {
      const { post, close } = await openPost(collector, { proxy: program.proxy })
      try {
        return await goOn({ program, values, dir, agent, post })
      } finally {
        close()
      }
    })
  },
}

type Rejoining = {
  readonly program: Program
  readonly values: Values
  readonly dir: string
  readonly agent: StoppedAgent
  readonly post: Post
}

async function goOn({ program, values, dir, agent, post }: Rejoining): Promise<number> {
  const { out, language } = program
  let isAsked = readKey(dir, 'rejoin') !== null
  const key = ensureKey(dir, 'rejoin')
  const publicKey = publicKeyText(key)
  const signer = signerOf(key)
  let isTold = false
  const outcome = await poll(program, values, async (): Promise<CursorAnswer | 'free' | null> => {
    // Once let in, only the new key is known: it is asked with first.
    const known = isAsked ? await askCursor(agent, signer, post) : null
    if (known || isTold) return known
    const possession = provePossession('rejoin', agent.identity.agent, publicKey, key)
    if (!(await ask(agent, { publicKey, possession }, post))) return 'free'
    isAsked = true
    isTold = true
    out(`${say(rejoinTexts.instructions, language, { code: rejoinCode(publicKey) })}\n`)
    return null
  })
  if (outcome === null) return waitingCode
  if (outcome === 'free') {
    forgetKey(dir, 'rejoin')
    if (agent.outbox.quarantine) agent.outbox.release()
    out(`${say(rejoinTexts.notShutOut, language)}\n`)
    return 0
  }
  const { wall } = agent.now
  const state = { kid: signer.kid, since: wall, rotation: null, refusedAt: null }
  const keys = new Keyring([signer], state, (kid) => installKey(dir, kid))
  new Outbox(agent.spool, keys, agent.identity.agent).openEpoch(outcome, agent.now)
  forgetKey(dir, 'next')
  out(`${say(rejoinTexts.letIn, language)}\n`)
  return 0
}

/** Whether the request waits now; false when the collector has not shut this agent out. */
async function ask(
  { identity, keys }: StoppedAgent,
  proof: Pick<RejoinRequest, 'publicKey' | 'possession'>,
  post: Post,
): Promise<boolean> {
  const request: RejoinRequest = { v: 1, agent: identity.agent, ...proof }
  // A rotation may have been under way: the collector knows one of the keys.
  const first = keys.known
  let answer: Answer
  do {
    answer = await send(post, '/v1/rejoins', keys.known.sign(messageTypes.rejoin, request))
    if (answer.status === 401) keys.tryAnother()
  } while (answer.status === 401 && keys.known !== first)
  const { status, body } = answer
  if (status === 202) return true
  if (status === 409 && readRefusal(body)?.code === 'conflict') return false
  if (status === 401) {
    throw new AgentError('failed', said(rejoinTexts.notKnown))
  }
  throw new AgentError('failed', said(rejoinTexts.answered, { status }))
}

/** Where the collector stands; null as long as it does not know the key. */
async function askCursor(
  { identity, now }: StoppedAgent,
  signer: Signer,
  post: Post,
): Promise<CursorAnswer | null> {
  const { bootId, wall, boot } = now
  const at = { wall, boot }
  const question: CursorQuestion = { v: 1, agent: identity.agent, at, boot: bootId }
  const { status, body } = await send(
    post,
    '/v1/cursor',
    signer.sign(messageTypes.cursor, question),
  )
  return status === 200 ? readCursor(body) : null
}

async function send(post: Post, path: string, jws: string): Promise<Answer> {
  let answer: Answer
  try {
    answer = await post(path, jws, new AbortController().signal)
  } catch (cause) {
    throw new Away(said(rejoinTexts.unreachable), { cause })
  }
  if (answer.status < 429) return answer
  throw new Away(said(rejoinTexts.answered, { status: answer.status }))
}
