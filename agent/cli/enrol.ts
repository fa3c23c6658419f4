import { statSync } from 'node:fs'
import axios, { isAxiosError } from 'axios'
import { Compile } from 'typebox/compile'
import { EnrolmentAnswer, type EnrolmentRequest } from '../../protocol/enrolment.ts'
import { messageTypes, noPrevious, publicKeyText } from '../../protocol/jws.ts'
import { idPattern } from '../../protocol/schema.ts'
import { secondMs } from '../../protocol/time.ts'
import { AgentError } from '../error.ts'
import { differences, readIdentity, signerOf, writeIdentity } from '../identity.ts'
import { ensureKey } from '../key-files.ts'
import type { Cursor } from '../outbox.ts'
import { type Program, sharedOptions } from '../program.ts'
import { openSpool } from '../spool-file.ts'
import { isLoopback } from '../targets.ts'
import { type Command, text, type Values } from './command.ts'
import { loadConfig, readFile } from './files.ts'
import { Away, poll, waitingCode, waitOption } from './waiting.ts'

/** Joins an environment: makes a key on this host, proves to have it, keeps the answer. */
export const enrol: Command = {
  about: 'Join: make a key on this host and register it with a token.',
  options: {
    config: sharedOptions.config,
    dir: sharedOptions.dir,
    collector: { type: 'string', value: 'URL', about: 'Where to report; else from agent.yaml.' },
    name: { type: 'string', value: 'NAME', about: 'Name of this agent; else from agent.yaml.' },
    wait: waitOption,
    'token-file': { type: 'string', value: 'FILE', about: 'File that holds the token.' },
    token: { type: 'string', value: 'TOKEN', about: 'The token; others here may see it.' },
  },
  details: `Harmless to repeat: the same key and token get the same answer.
Exit 3 while an administrator still has to approve: call again with the same token.`,
  run: async (program, values) => {
    const { clock, out, err } = program
    const dir = text(values, 'dir') ?? ''
    const { collector, name } = targetOf(values)
    const before = readIdentity(dir)
    if (before) {
      out(`Enrolled already, as ${before.agent} in ${before.environment}. Nothing was changed.\n`)
      for (const difference of differences(before, { name, collector })) err(`${difference}\n`)
      return 0
    }
    const token = tokenOf(values, err)
    const key = ensureKey(dir)
    const request: EnrolmentRequest = { v: 1, token, name, publicKey: publicKeyText(key) }
    const jws = signerOf(key).sign(messageTypes.enrolment, request)
    const url = new URL('/v1/enrolments', collector)
    let isTold = false
    const answer = await poll(program, values, async () => {
      const given = await ask(url, jws)
      if (given === null && !isTold) out(approvalNeeded)
      isTold = true
      return given
    })
    if (!answer) return waitingCode
    const { v: _, epoch, ...place } = answer
    const at = clock.wall()
    const spool = openSpool(dir, at)
    const cursor: Cursor = { epoch, seq: 1, prev: noPrevious, afterLoss: false }
    if (!spool.state('cursor')) spool.commit({ states: { cursor } })
    spool.close()
    writeIdentity(dir, { ...place, name, collector, enrolledAt: at })
    out(`Enrolled as ${place.agent} in ${place.environment} of ${place.institution}.\n`)
    return 0
  },
}

const approvalNeeded = `An administrator has to approve this agent first; the request waits.
Call again with the same token then (or use --wait).
`

function targetOf(values: Values): { collector: string; name: string } {
  const given = { collector: text(values, 'collector'), name: text(values, 'name') }
  const { collector, name } =
    given.collector !== undefined && given.name !== undefined
      ? { collector: given.collector, name: given.name }
      : { ...loadConfig(text(values, 'config') ?? ''), ...defined(given) }
  if (!URL.canParse(collector) || !/^https?:$/.test(new URL(collector).protocol)) {
    throw new AgentError(
      'usage',
      `--collector must be an address such as https://istimrar.example.om`,
    )
  }
  if (collector.startsWith('http:') && !isLoopback(collector)) {
    throw new AgentError('usage', 'A collector on another machine must be reached by https://.')
  }
  if (!new RegExp(idPattern).test(name)) {
    throw new AgentError('usage', '--name takes small letters, digits and hyphens, at most 63.')
  }
  return { collector, name }
}

function tokenOf(values: Values, warn: Program['err']): string {
  const file = text(values, 'token-file')
  const token = (file === undefined ? text(values, 'token') : readFile(file))?.trim()
  if (file !== undefined && isOpenToOthers(file)) {
    warn(`Warning: others on this host can read ${file}. chmod 600 it, and delete it when done.\n`)
  }
  if (token === undefined) throw new AgentError('usage', 'Say --token-file FILE or --token TOKEN.')
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) {
    throw new AgentError('usage', 'That is no token: one has 43 letters, digits, - and _.')
  }
  return token
}

/** Windows has no such bits. */
function isOpenToOthers(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0
}

const refusals: Readonly<Record<number, string>> = {
  401: 'The collector does not accept the token: used up, expired, of another network, or unknown.',
  409: 'Another agent of this name is enrolled in the environment already; choose another name.',
}

/** The answer; null while an administrator has to approve. */
async function ask(url: URL, jws: string): Promise<EnrolmentAnswer | null> {
  const headers = { 'content-type': 'application/jose' }
  const limits = { timeout: 15 * secondMs, maxRedirects: 0, maxContentLength: 64 * 1024 }
  try {
    const { status, data } = await axios.post<unknown>(url.href, jws, {
      ...{ headers, ...limits, responseType: 'json', validateStatus: () => true },
    })
    if (status === 200 && Compile(EnrolmentAnswer).Check(data)) return data
    if (status === 202) return null
    if (status >= 429) throw new Away(`${url.host} answered ${status}.`)
    throw new AgentError('failed', refusals[status] ?? `${url.host} answered ${status}.`)
  } catch (cause) {
    if (!isAxiosError(cause)) throw cause
    const why = cause.code ?? cause.message
    throw new Away(`Cannot reach ${url.host}: ${why}.`, { cause })
  }
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  } // the entries that are left are those of T
}
