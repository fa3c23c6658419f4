import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { isWitness } from '../evidence/leaf.ts'
import type { Version } from '../register/history.ts'
import type { Environment } from '../register/register.ts'
import type { DirtyDay, EnvironmentKey } from '../store/store.ts'
import { heardBeforeMs } from './context.ts'

type Place = EnvironmentKey & { readonly versions: readonly Version<Environment>[] }

/**
 * Dirty days with all that they make dirty beside their own environment: causes rest on what else
 * is alive at the site, and on what witnesses see of whoever names them.
 */
export function spreadDirty(
  dirty: readonly DirtyDay[],
  places: readonly Place[],
  today: EpochMs,
): DirtyDay[] {
  const witnessed = new Map<number, DirtyDay>()
  const own: DirtyDay[] = []
  for (const row of dirty) {
    if (isWitness(row)) witnessed.set(row.day, row)
    else own.push(row)
  }
  const found = new Map<string, DirtyDay>()
  const add = (place: EnvironmentKey, { day, mark }: DirtyDay) => {
    const { institution, environment } = place
    const key = `${institution}/${environment} ${day}`
    if (!found.has(key)) found.set(key, { institution, environment, day, mark })
  }
  // Marks say up to which news a day is settled, so that an environment's own come first.
  for (const row of own) add(row, row)
  const sites = sitesOf(places)
  const byPlace = new Map(places.map((place) => [keyOf(place), place]))
  for (const row of own) {
    for (const site of siteNames(byPlace.get(keyOf(row)))) {
      for (const neighbour of sites.get(site) ?? []) {
        if (keyOf(neighbour) === keyOf(row)) continue
        // Until then it counts as one that is heard.
        for (let day = row.day; day <= row.day + heardBeforeMs; day += dayMs) {
          if (day <= today) add(neighbour, { ...row, day })
        }
      }
    }
  }
  if (witnessed.size === 0) return [...found.values()]
  for (const place of places) {
    if (!place.versions.some(({ value }) => value.witnesses)) continue
    for (const row of witnessed.values()) add(place, row)
  }
  return [...found.values()]
}

/** Environments by the sites they are or ever were at. */
function sitesOf(places: readonly Place[]): Map<string, Place[]> {
  const sites = new Map<string, Place[]>()
  for (const place of places) {
    for (const name of siteNames(place)) {
      const there = sites.get(name)
      if (there) there.push(place)
      else sites.set(name, [place])
    }
  }
  return sites
}

function siteNames(place: Place | undefined): Set<string> {
  const names = (place?.versions ?? []).flatMap(({ value: { site } }) =>
    site === null ? [] : [`${place!.institution}/${site}`],
  )
  return new Set(names)
}

function keyOf({ institution, environment }: EnvironmentKey): string {
  return `${institution}/${environment}`
}
