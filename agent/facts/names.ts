import { Resolver } from 'node:dns/promises'
import { withDeadline } from '../deadline.ts'
import { askNameServer, serverFrom } from '../probes/name-query.ts'
import { codeOf } from '../probes/network-error.ts'

const timeoutMs = 700

/** Asks the system's own name servers, or those a test runs. */
export function openNames(nameServers?: readonly string[]): Resolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 })
  if (nameServers) resolver.setServers(nameServers)
  return resolver
}

/** Answers of a name server that say for sure that there is nothing. */
const nothing = new Set(['ENODATA', 'ENOTFOUND'])

/** The answer to a question; `none` where there is nothing for sure, null without an answer. */
async function orNothing<T>(question: Promise<T>, none: T): Promise<T | null> {
  try {
    return await question
  } catch (error) {
    return nothing.has(codeOf(error)) ? none : null
  }
}

/** Every address of a name; null when no name server answers. */
export async function addressesOf(names: Resolver, name: string): Promise<string[] | null> {
  const [four, six] = await Promise.all([
    orNothing(names.resolve4(name), []),
    orNothing(names.resolve6(name), []),
  ])
  return four && six && [...four, ...six]
}

/** Texts of a name, each whole; null when no name server answers. */
export async function textsOf(names: Resolver, name: string): Promise<string[] | null> {
  const texts = await orNothing(names.resolveTxt(name), [])
  return texts?.map((parts) => parts.join('')) ?? null
}

/** A name and all it lies in, the longest first, without the last label: `a.b.om`, `b.om`. */
export function ancestors(name: string): string[] {
  const labels = name.split('.')
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}

/**
 * The zone that holds a name: the longest of its ancestors with an SOA record of its own. null when
 * a name server fails to tell: whoever lies above may be somebody else.
 */
export async function zoneOf(names: Resolver, name: string): Promise<string | null> {
  const candidates = ancestors(name)
  const told = await Promise.all(
    candidates.map((each) => orNothing(names.resolveSoa(each).then(Boolean), false)),
  )
  const index = told.findIndex((isZone) => isZone !== false)
  return told[index] ? (candidates[index] ?? null) : null
}

/** Of several name servers the first that knows is believed; more would take too long. */
const serversMax = 2

/**
 * Whether the zone above vouches for this one's key (a DS record, RFC 4035): only then does its
 * signature bind anyone. Node's own resolver knows no such record. null without an answer.
 */
export async function isSigned(names: Resolver, zone: string): Promise<boolean | null> {
  for (const server of names.getServers().slice(0, serversMax)) {
    const code = await askForSigner(server, zone)
    if (code === '' || nothing.has(code)) return code === ''
  }
  return null
}

/** What came of the question, as c-ares words it; empty for a record. */
async function askForSigner(server: string, name: string): Promise<string> {
  try {
    const asked = { name, record: 'DS' } as const
    const { code } = await withDeadline(timeoutMs, (signal) =>
      askNameServer(serverFrom(server), asked, signal),
    )
    return code
  } catch (error) {
    return codeOf(error) || 'ETIMEOUT'
  }
}
