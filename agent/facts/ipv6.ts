import { connect } from 'node:net'
import { withDeadline } from '../deadline.ts'
import { ready } from '../probes/connection.ts'
import { codeOf } from '../probes/network-error.ts'
import { type FactProbe, Missing } from './fact.ts'
import { addressesOf, openNames } from './names.ts'
import { counted } from './peek.ts'
import { isPublicAddress, mayBePublic, servicesOf } from './services.ts'

/** What came of a connection; `no_route` says that this host itself speaks no IPv6. */
export type Reached = 'reached' | 'not_reached' | 'no_route'
export type Reach = (address: string, port: number) => Promise<Reached>

export const ipv6Fact: FactProbe = ipv6FactWith(reach)

/** The share of public services that can be reached over IPv6, as seen from here. */
export function ipv6FactWith(reachOver: Reach, nameServers?: readonly string[]): FactProbe {
  return {
    indicators: ['ipv6.reachable_ratio'],
    async measure({ config }) {
      const named = servicesOf(config.checks).filter(({ name }) => mayBePublic(name))
      const names = openNames(nameServers)
      const services = await Promise.all(
        named.map(async ({ name, port }) => ({ port, addresses: await addressesOf(names, name) })),
      )
      const found = services.flatMap(({ port, addresses }) => {
        const open = addresses?.filter(isPublicAddress) ?? []
        return open.length > 0 ? { port, open } : []
      })
      if (found.length === 0) {
        const isDeaf = services.length > 0 && services.every(({ addresses }) => addresses === null)
        throw new Missing(isDeaf ? 'no_network' : 'no_public_service', 'tcp')
      }
      const reached = await Promise.all(
        found.map(async ({ port, open }) => {
          const address = open.find((each) => each.includes(':'))
          return address === undefined ? 'not_reached' : reachOver(address, port)
        }),
      )
      // Without IPv6 here nothing is known of those that have it there.
      if (reached.includes('no_route')) throw new Missing('no_network', 'tcp')
      const good = reached.filter((each) => each === 'reached').length
      const detail = `${good} of ${counted(found.length, 'public service')}`
      const value = good / found.length
      return [{ indicator: 'ipv6.reachable_ratio', value, method: 'tcp', detail }]
    },
  }
}

const timeoutMs = 1_500
const noRoute = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/** Tries one connection over IPv6; nothing is sent. */
export async function reach(address: string, port: number): Promise<Reached> {
  return withDeadline(timeoutMs, async (signal) => {
    const socket = connect({ host: address, port, family: 6 })
    try {
      await ready(socket, 'connect', signal)
      return 'reached'
    } catch (error) {
      return noRoute.has(codeOf(error)) ? 'no_route' : 'not_reached'
    } finally {
      socket.destroy()
    }
  })
}
