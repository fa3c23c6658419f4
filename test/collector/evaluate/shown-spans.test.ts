import { expect, test } from 'vitest'
import { shownSpans } from '../../../collector/evaluate/shown-spans.ts'
import type { Piece } from '../../../collector/kpi/environment-day.ts'
import { minutes } from '../../support/strips.ts'

test('neighbours of equal state are one stretch but where a dispute was decided', () => {
  const disputed = { id: 'd-1', was: 'down' } as const
  const pieces: Piece[] = [
    { ...minutes(0, 2), state: 'down', cause: 'host' },
    { ...minutes(2, 3), state: 'down', cause: 'network' },
    { ...minutes(3, 4), state: 'up', disputed },
    { ...minutes(4, 5), state: 'up', disputed: { ...disputed } },
    { ...minutes(5, 6), state: 'up' },
    { ...minutes(7, 8), state: 'up' },
    { ...minutes(8, 9), state: 'up', excluded: 'maintenance' },
  ]
  expect(shownSpans(pieces)).toEqual([
    { ...minutes(0, 3), state: 'down' },
    { ...minutes(3, 5), state: 'up', disputed },
    { ...minutes(5, 6), state: 'up' },
    { ...minutes(7, 8), state: 'up' },
    { ...minutes(8, 9), state: 'maintenance' },
  ])
})
