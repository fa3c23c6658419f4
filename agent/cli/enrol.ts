import { existsSync, statSync } from 'node:fs'
import type { Agent } from 'node:http'
import axios, { isAxiosError } from 'axios'
import { Compile } from 'typebox/compile'
import { EnrolmentAnswer, type EnrolmentRequest } from '../../protocol/enrolment.ts'
import { messageTypes, noPrevious, publicKeyText } from '../../protocol/jws.ts'
import { idPattern } from '../../protocol/schema.ts'
import { secondMs } from '../../protocol/time.ts'
import { trustAuthorities } from '../authorities.ts'
import { AgentError } from '../error.ts'
import type { FrozenConfig } from '../frozen.ts'
import { differences, readIdentity, signerOf, writeIdentity } from '../identity.ts'
import { ensureKey } from '../key-files.ts'
import { type Said, said, say } from '../language.ts'
import type { Cursor } from '../outbox.ts'
import { type Program, sharedOptions } from '../program.ts'
import { openSpool } from '../spool-file.ts'
import { isLoopback } from '../targets.ts'
import { openTransport } from '../transport.ts'
import { type Command, text, type Values } from './command.ts'
import { loadConfig, readFile } from './files.ts'
import { errorTexts } from './texts/errors.ts'
import { aboutTexts } from './texts/help.ts'
import { enrolTexts } from './texts/joining.ts'
import { Away, poll, waitingCode, waitOption } from './waiting.ts'

/** Joins an environment: makes a key on this host, proves to have it, keeps the answer. */
export const enrol: Command = {
  about: aboutTexts.enrol,
  options: {
    config: sharedOptions.config,
    dir: sharedOptions.dir,
    collector: { type: 'string', value: 'URL', about: enrolTexts.collector },
    name: { type: 'string', value: 'NAME', about: enrolTexts.name },
    wait: waitOption,
    'token-file': { type: 'string', value: 'FILE', about: enrolTexts.tokenFile },
    token: { type: 'string', value: 'TOKEN', about: enrolTexts.token },
  },
  details: enrolTexts.details,
  run: async (program, values) => {
    const { clock, language } = program
    const out = (text: string) => program.out(`${text}\n`)
    const warn = (text: string) => program.err(`${say(errorTexts.warning, language, { text })}\n`)
    const dir = text(values, 'dir') ?? ''
    const { collector, name, authorities } = targetOf(values)
    const before = readIdentity(dir)
    if (before) {
      const { agent, environment } = before
      out(say(enrolTexts.already, language, { agent, environment }))
      for (const each of differences(before, { name, collector })) warn(each.in(language))
      return 0
    }
    const token = tokenOf(values, program)
    const key = ensureKey(dir)
    const request: EnrolmentRequest = { v: 1, token, name, publicKey: publicKeyText(key) }
    const jws = signerOf(key).sign(messageTypes.enrolment, request)
    const url = new URL('/v1/enrolments', collector)
    trustAuthorities(authorities)
    const { agent: over } = await openTransport(url, { proxy: program.proxy })
    let isTold = false
    const answer = await poll(program, values, async () => {
      const given = await ask(url, jws, over)
      if (given === null && !isTold) out(say(enrolTexts.approvalNeeded, language))
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
    const { agent, environment, institution } = place
    out(say(enrolTexts.enrolled, language, { agent, environment, institution }))
    return 0
  },
}

type Target = Pick<FrozenConfig, 'collector' | 'name' | 'authorities'>

/** Where agent.yaml need not be there, as all is said here, it still says whom to trust. */
function targetOf(values: Values): Target {
  const given = { collector: text(values, 'collector'), name: text(values, 'name') }
  const file = text(values, 'config') ?? ''
  const isNeeded = given.collector === undefined || given.name === undefined
  const config = isNeeded || existsSync(file) ? loadConfig(file) : {}
  const {
    collector = '',
    name = '',
    authorities,
  }: Partial<Target> = {
    ...config,
    ...defined(given),
  }
  if (!URL.canParse(collector) || !/^https?:$/.test(new URL(collector).protocol)) {
    throw new AgentError('usage', said(enrolTexts.badCollector))
  }
  if (collector.startsWith('http:') && !isLoopback(collector)) {
    throw new AgentError('usage', said(enrolTexts.plainCollector))
  }
  if (!new RegExp(idPattern).test(name)) {
    throw new AgentError('usage', said(enrolTexts.badName))
  }
  return { collector, name, ...(authorities !== undefined && { authorities }) }
}

function tokenOf(values: Values, { err, language }: Pick<Program, 'err' | 'language'>): string {
  const file = text(values, 'token-file')
  const token = (file === undefined ? text(values, 'token') : readFile(file))?.trim()
  if (file !== undefined && isOpenToOthers(file)) {
    err(`${say(enrolTexts.openToken, language, { file })}\n`)
  }
  if (token === undefined) throw new AgentError('usage', said(enrolTexts.noToken))
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) {
    throw new AgentError('usage', said(enrolTexts.badToken))
  }
  return token
}

/** Windows has no such bits. */
function isOpenToOthers(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0
}

const refusals: Readonly<Record<number, Said>> = {
  401: said(enrolTexts.tokenRefused),
  409: said(enrolTexts.nameTaken),
}

/** The answer; null while an administrator has to approve. */
async function ask(url: URL, jws: string, over: Agent): Promise<EnrolmentAnswer | null> {
  const headers = { 'content-type': 'application/jose' }
  // The same way as that of the resident agent: axios knows another one round proxies.
  const way = { proxy: false, httpAgent: over, httpsAgent: over } as const
  const limits = { timeout: 15 * secondMs, maxRedirects: 0, maxContentLength: 64 * 1024 }
  try {
    const { status, data } = await axios.post<unknown>(url.href, jws, {
      ...{ headers, ...limits, ...way, responseType: 'json', validateStatus: () => true },
    })
    if (status === 200 && Compile(EnrolmentAnswer).Check(data)) return data
    if (status === 202) return null
    if (status >= 429) throw new Away(said(enrolTexts.answered, { host: url.host, status }))
    const answered = said(enrolTexts.answered, { host: url.host, status })
    throw new AgentError('failed', refusals[status] ?? answered)
  } catch (cause) {
    if (!isAxiosError(cause)) throw cause
    const why = cause.code ?? cause.message
    throw new Away(said(enrolTexts.unreachable, { host: url.host, why }), { cause })
  }
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  } // the entries that are left are those of T
}
