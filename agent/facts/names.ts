import { randomInt } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { withDeadline } from '../deadline.ts'
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

const delegationSigner = 43

/**
 * Whether the zone above vouches for this one's key (a DS record, RFC 4035): only then does its
 * signature bind anyone. Node's own resolver knows no such record. null without an answer.
 */
export async function isSigned(names: Resolver, zone: string): Promise<boolean | null> {
  for (const server of names.getServers().slice(0, 2)) {
    const answer = await askOnce(server, question(zone, delegationSigner))
    const isThere = answer && holdsType(answer, delegationSigner)
    if (isThere !== null) return isThere
  }
  return null
}

/** A query as RFC 1035 §4 writes it, with room for a long answer (RFC 6891). */
export function question(name: string, type: number): Buffer {
  const labels = name.split('.').map((label) => {
    const bytes = Buffer.from(label, 'ascii')
    return Buffer.concat([Buffer.of(bytes.length), bytes])
  })
  const header = Buffer.alloc(12)
  header.writeUInt16BE(randomInt(65_536), 0)
  header.writeUInt16BE(0x0100, 2) // recursion desired
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(1, 10)
  const asked = Buffer.of(0, type >> 8, type & 0xff, 0, 1)
  const room = Buffer.of(0, 0, 41, 1232 >> 8, 1232 & 0xff, 0, 0, 0, 0, 0, 0)
  return Buffer.concat([header, ...labels, asked, room])
}

/** Whether an answer holds a record of a type; null when it is none or says that it failed. */
export function holdsType(answer: Buffer, type: number): boolean | null {
  try {
    const flags = answer.readUInt16BE(2)
    const code = flags & 0x0f
    const isCut = (flags & 0x0200) !== 0
    if (code !== 0 || isCut) return null
    const records = answer.readUInt16BE(6)
    let at = afterName(answer, 12) + 4
    for (let index = 0; index < records; index += 1) {
      const fixed = afterName(answer, at)
      if (answer.readUInt16BE(fixed) === type) return true
      at = fixed + 10 + answer.readUInt16BE(fixed + 8)
    }
    return false
  } catch {
    return null // it ends before it is over
  }
}

/** Where a name ends: at its closing zero, or behind a pointer to the rest of it. */
function afterName(bytes: Buffer, from: number): number {
  let at = from
  for (;;) {
    const length = bytes.readUInt8(at)
    if (length >= 0xc0) return at + 2
    if (length === 0) return at + 1
    at += 1 + length
  }
}

/** The first datagram of the server that belongs to the query; null when none comes in time. */
async function askOnce(server: string, query: Buffer): Promise<Buffer | null> {
  const { createSocket } = process.getBuiltinModule('node:dgram')
  const [, bracketed, ip4, port] = /^(?:\[(.+)\]|([\d.]+))(?::(\d+))?$/.exec(server) ?? []
  const address = bracketed ?? ip4 ?? server
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  try {
    return await withDeadline(timeoutMs, async (signal) => {
      socket.connect(Number(port ?? 53), address)
      await once(socket, 'connect', { signal })
      socket.send(query)
      for (;;) {
        const [answer] = (await once(socket, 'message', { signal })) as [Buffer]
        if (answer.subarray(0, 2).equals(query.subarray(0, 2))) return answer
      }
    })
  } catch {
    return null
  } finally {
    socket.close()
  }
}
