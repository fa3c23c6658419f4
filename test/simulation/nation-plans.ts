import { dayMs, hourMs } from '../../protocol/time.ts'
import type { Declaration, Nation } from './nation.ts'
import { randomOf } from './random.ts'

type Drawn = Pick<Nation, 'seed' | 'window' | 'institutions'>

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
    environments.map(({ id: environment }) => ({ institution: id, environment })),
  )
}
