import axios, { isAxiosError } from 'axios'
import { Compile } from 'typebox/compile'
import { EnrolmentAnswer, type EnrolmentRequest } from '../../protocol/enrolment.ts'
import { messageTypes, noPrevious, publicKeyText } from '../../protocol/jws.ts'
import { idPattern } from '../../protocol/schema.ts'
import { secondMs } from '../../protocol/time.ts'
import { AgentError } from '../error.ts'
import { ensureKey, readIdentity, signerOf, writeIdentity } from '../identity.ts'
import type { Cursor } from '../outbox.ts'
import { sharedOptions } from '../program.ts'
import { openSpool } from '../spool-file.ts'
import { isLoopback } from '../targets.ts'
import { type Command, text, type Values } from './command.ts'
import { loadConfig, readFile } from './files.ts'

/** Joins an environment: makes a key on this host, proves to have it, keeps the answer. */
export const enrol: Command = {
  about: 'Join: make a key on this host and register it with a token.',
  options: {
    config: sharedOptions.config,
    dir: sharedOptions.dir,
    collector: { type: 'string', value: 'URL', about: 'Where to report; else from agent.yaml.' },
    name: { type: 'string', value: 'NAME', about: 'Name of this agent; else from agent.yaml.' },
    'token-file': { type: 'string', value: 'FILE', about: 'File that holds the token.' },
    token: { type: 'string', value: 'TOKEN', about: 'The token; others here may see it.' },
  },
  details: 'Harmless to repeat: the same key and token get the same answer.',
  run: async ({ clock, out }, values) => {
    const dir = text(values, 'dir') ?? ''
    const { collector, name } = targetOf(values)
    const before = readIdentity(dir)
    if (before) {
      out(`Enrolled already, as ${before.agent} in ${before.environment}. Nothing was changed.\n`)
      return 0
    }
    const token = tokenOf(values)
    const key = ensureKey(dir)
    const request: EnrolmentRequest = { v: 1, token, name, publicKey: publicKeyText(key) }
    const jws = signerOf(key).sign(messageTypes.enrolment, request)
    const { v: _, epoch, ...answer } = await ask(new URL('/v1/enrolments', collector), jws)
    const at = clock.wall()
    const spool = openSpool(dir, at)
    const cursor: Cursor = { epoch, seq: 1, prev: noPrevious, afterLoss: false }
    if (!spool.state('cursor')) spool.commit({ states: { cursor } })
    spool.close()
    writeIdentity(dir, { ...answer, name, collector, enrolledAt: at })
    out(`Enrolled as ${answer.agent} in ${answer.environment} of ${answer.institution}.\n`)
    return 0
  },
}

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

function tokenOf(values: Values): string {
  const file = text(values, 'token-file')
  const token = (file === undefined ? text(values, 'token') : readFile(file))?.trim()
  if (token === undefined) throw new AgentError('usage', 'Say --token-file FILE or --token TOKEN.')
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) {
    throw new AgentError('usage', 'That is no token: one has 43 letters, digits, - and _.')
  }
  return token
}

const refusals: Readonly<Record<number, string>> = {
  401: 'The collector does not accept the token: used up, expired, or never made.',
  409: 'Another agent of this name is enrolled in the environment already; choose another name.',
}

async function ask(url: URL, jws: string): Promise<EnrolmentAnswer> {
  const headers = { 'content-type': 'application/jose' }
  const limits = { timeout: 15 * secondMs, maxRedirects: 0, maxContentLength: 64 * 1024 }
  try {
    const { status, data } = await axios.post<unknown>(url.href, jws, {
      ...{ headers, ...limits, responseType: 'json', validateStatus: () => true },
    })
    if (status === 200 && Compile(EnrolmentAnswer).Check(data)) return data
    throw new AgentError('failed', refusals[status] ?? `${url.host} answered ${status}.`)
  } catch (cause) {
    if (!isAxiosError(cause)) throw cause
    const why = cause.code ?? cause.message
    throw new AgentError('failed', `Cannot reach ${url.host}: ${why}.`, { cause })
  }
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  } // the entries that are left are those of T
}
