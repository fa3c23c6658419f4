import dns, { type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'

type Tell = Parameters<LookupFunction>[2]

/** Who waits for a name, by name and what is asked of it. */
const underWay = new Map<string, Tell[]>()

/**
 * The system's addresses of a name, as `dns.lookup` tells them. Where nobody answers for names that
 * takes up to a minute and more, in one of a few threads, and no time limit takes the question
 * back: asked again at each look, names would queue up for as long as that lasts. So whoever asks
 * for a name that is being looked up waits for the same answer.
 */
export const lookupShared: LookupFunction = (name, options, tell) => {
  const { family, hints, all, order } = options
  const key = `${name} ${family} ${hints} ${all} ${order}`
  const others = underWay.get(key)
  if (others) {
    others.push(tell)
    return
  }
  const waiting = [tell]
  underWay.set(key, waiting)
  dns.lookup(name, options, (error, address, family) => {
    underWay.delete(key)
    for (const each of waiting) each(error, address, family)
  })
}

/** The first address of a name. Throws what the system says. */
export function addressOfName(name: string): Promise<LookupAddress> {
  const { promise, resolve, reject } = Promise.withResolvers<LookupAddress>()
  lookupShared(name, {}, (error, address, family = 0) => {
    if (error) reject(error)
    else resolve({ address: String(address), family })
  })
  return promise
}
