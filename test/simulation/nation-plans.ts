import { dayMs, hourMs } from '../../protocol/time.ts'
import type { Declaration, Migration, Nation } from './nation.ts'
import { randomOf } from './random.ts'

type Drawn = Pick<Nation, 'seed' | 'window' | 'institutions'>

/** Moves from own data centres to a cloud: planned, done, and some proved by measurement. */
export function migrationsOf({ seed, window, institutions }: Drawn): Migration[] {
  const own = placesOf(institutions).filter(({ provider }) => provider === 'own')
  return own.flatMap(({ institution, environment }): Migration[] => {
    const random = randomOf(seed, `migration of ${institution}/${environment}`)
    if (!random.chance(0.4)) return []
    const plannedAt = random.whole(window.from - 90 * dayMs, window.to)
    const cutOverAt = plannedAt + random.whole(10, 60) * dayMs
    const validatedAt = random.chance(0.6) ? cutOverAt + random.whole(7, 14) * dayMs : null
    const to = random.pick(['cloud-north', 'cloud-south'])
    return [{ institution, environment, from: 'own', to, plannedAt, cutOverAt, validatedAt }]
  })
}

/** What institutions say: maintenance with notice, readiness, disputes; most of it is true. */
export function declarationsOf({ seed, window, institutions }: Drawn): Declaration[] {
  return placesOf(institutions).flatMap(({ institution, environment }): Declaration[] => {
    const random = randomOf(seed, `declarations of ${institution}/${environment}`)
    if (!random.chance(0.5)) return []
    const kind = random.pick(['maintenance', 'readiness', 'dispute'] as const)
    const from = random.whole(window.from, window.to - 1)
    const span = { from, to: from + random.whole(1, 6) * hourMs }
    const declaredAt = kind === 'maintenance' ? from - 3 * dayMs : span.to + dayMs
    return [{ institution, environment, kind, declaredAt, span, isTrue: random.chance(0.85) }]
  })
}

function placesOf(institutions: Drawn['institutions']) {
  return institutions.flatMap(({ id, environments }) =>
    environments.map(({ id: environment, provider }) => {
      return { institution: id, environment, provider }
    }),
  )
}
