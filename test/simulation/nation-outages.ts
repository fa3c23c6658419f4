import { checkKinds } from '../../protocol/check.ts'
import { dayMs, hourMs, lengthMs, minuteMs } from '../../protocol/time.ts'
import type { Cause, Nation, Outage } from './nation.ts'
import { agentsOf } from './nation-agents.ts'
import { randomOf } from './random.ts'

/** How often each thing of a kind fails in an ordinary nation. Unit: outages a day. */
const perDay = {
  power: 0.01,
  network: 0.03,
  host: 0.01,
  agent: 0.02,
  clock: 0.01,
  service: 0.02,
  centre: 0.05,
} as const satisfies Record<Cause, number>

const shortestMs = 6 * minuteMs
const longestMs = 6 * hourMs
const wallErrorsMs = [-hourMs, -5 * minuteMs, 90_000, hourMs, 3_650 * dayMs]

type Place = Partial<Pick<Outage, 'institution' | 'site' | 'environment' | 'agent' | 'check'>>

/** Draws what goes wrong in a nation, each with its cause, in order of their start. */
export function outagesOf(
  nation: Pick<Nation, 'seed' | 'window' | 'institutions'>,
  factor: number,
): Outage[] {
  const { institutions } = nation
  const draw = (cause: Cause, place: Place) => drawOutages(nation, factor, cause, place)
  const sites = institutions.flatMap(({ id, sites }) =>
    sites.flatMap((site) => {
      const place = { institution: id, site: site.id }
      return [...draw('power', place), ...draw('network', place)]
    }),
  )
  const hosts = agentsOf({ institutions }).flatMap((host) => {
    const { institution, environment, agent, checks } = host
    const place = { institution, environment, agent }
    const services = checks
      .filter(({ kind }) => kind !== 'host')
      .flatMap(({ check, kind }) =>
        draw('service', { ...place, check }).map((outage) => {
          return checkKinds[kind] === 'down' ? outage : { ...outage, effect: 'degraded' as const }
        }),
      )
    return [...draw('host', place), ...draw('agent', place), ...draw('clock', place), ...services]
  })
  const all = [...draw('centre', {}), ...sites, ...hosts]
  return all.sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))
}

function drawOutages(
  { seed, window }: Pick<Nation, 'seed' | 'window'>,
  factor: number,
  cause: Cause,
  place: Place,
): Outage[] {
  const id = [cause, ...Object.values(place)].join('/')
  const random = randomOf(seed, `outages ${id}`)
  const expected = (perDay[cause] * factor * lengthMs(window)) / dayMs
  const count = Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0)
  const worsens = cause === 'power' || cause === 'host' || cause === 'service'
  const everything = { institution: null, site: null, environment: null, agent: null, check: null }
  return Array.from({ length: count }, (_, i): Outage => {
    const from = random.whole(window.from, window.to - 1)
    const lastsMs = Math.round(shortestMs * (longestMs / shortestMs) ** random.next())
    const isMild = cause === 'service' && random.chance(0.3)
    return {
      ...everything,
      ...place,
      id: `${id}/${i + 1}`,
      cause,
      effect: worsens ? (isMild ? 'degraded' : 'down') : 'none',
      from,
      to: Math.min(window.to, from + lastsMs),
      wallErrorMs: cause === 'clock' ? random.pick(wallErrorsMs) : 0,
    }
  })
}
