import { BlockList, type Socket } from 'node:net'
import { domainToASCII } from 'node:url'
import { addressOfName, lookupShared } from './lookup.ts'

/**
 * Where clouds hand credentials to whoever asks from inside. No check may reach it, also not
 * through a name: Node compares the address it is about to connect to.
 */
export const cloudMetadata: BlockList = new BlockList()
for (const address of ['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192']) {
  cloudMetadata.addAddress(address)
}
cloudMetadata.addAddress('fd00:ec2::254', 'ipv6')
cloudMetadata.addAddress('fd20:ce::254', 'ipv6')

/** What all connections to names have in common. */
export const byName = {
  // Time one of several addresses gets before the next is tried: Node's own fraction of a second
  // would give up on a healthy host behind a satellite link.
  autoSelectFamilyAttemptTimeout: 2_000,
  lookup: lookupShared,
} as const

/** What the connections of all checks have in common. */
export const connectOptions = { blockList: cloudMetadata, ...byName } as const

/** A host as it goes on the wire: names with Arabic letters in their ASCII form, no brackets. */
export function asciiHost(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  return /[^ -~]/.test(bare) ? domainToASCII(bare) : bare
}

/**
 * The first address of a host, as the system knows it, for what connects to addresses only. Ends
 * with the signal; throws network errors, and for a cloud's metadata service as a connection does.
 */
export async function addressOf(host: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    const { address, family } = await Promise.race([addressOfName(asciiHost(host)), promise])
    if (cloudMetadata.check(address, family === 6 ? 'ipv6' : 'ipv4')) {
      throw Object.assign(new Error('This address is never asked.'), { code: 'ERR_IP_BLOCKED' })
    }
    return address
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Waits until a socket is ready; ends with the socket's error or with the signal. */
export async function ready(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = () => reject(Object.assign(new Error('Too late.'), { code: 'ABORT_ERR' }))
  // Stays when the look is over: an error after that is nobody's.
  socket.on('error', reject)
  socket.once(event, resolve)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Seconds since an instant; never negative, also when the clock was set back meanwhile. */
export function secondsSince(startedAt: number, now: number): number {
  return Math.max(0, now - startedAt) / 1_000
}
