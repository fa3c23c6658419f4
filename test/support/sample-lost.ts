import type { LostAnswer, LostRow } from '../../collector/http/views.ts'
import type { Piece } from '../../collector/kpi/environment-day.ts'
import { explain, outageFigures } from '../../collector/kpi/explain.ts'
import { hourMs } from '../../protocol/time.ts'
import { asOf, windows } from './sample-figures.ts'

const window = windows.cycle
const at = (hoursAgo: number) => asOf - hoursAgo * hourMs
const span = (hoursAgo: number, hours: number) => ({ from: at(hoursAgo), to: at(hoursAgo - hours) })

/** One of everything that can be told of time lost. */
const pieces: readonly Piece[] = [
  { ...span(900, 40), state: 'unknown', cause: 'agent' },
  { ...span(500, 2), state: 'down', cause: 'host' },
  { ...span(400, 3), state: 'down', cause: 'network' },
  { ...span(300, 1), state: 'down', cause: 'service', excluded: 'maintenance' },
  { ...span(290, 1), state: 'unknown', cause: 'centre', excluded: 'centre' },
  { ...span(280, 1), state: 'up', disputed: { id: 'd-7', was: 'down' } },
  { ...span(100, 1), state: 'down', cause: 'emergency_maintenance' },
  { ...span(9, 3), state: 'unknown', cause: 'clock' },
  { ...span(1, 1), state: 'down', cause: 'service' },
]

const { stretches, outages, byCause } = explain(pieces, {
  ...{ window, asOf, provider: 'data-park', degradedIsLost: false },
})
const ref = (seq: number) => ({
  ...{ kind: 'batch' as const, epoch: 1, seq, through: seq, leaf: 1_000 + seq, received: asOf },
})

function rowOf(stretch: (typeof stretches)[number], i: number): LostRow {
  const isDown = stretch.state === 'down'
  return {
    ...stretch,
    checks: [
      {
        check: 'web-1/payment',
        state: isDown ? 'down' : 'unknown',
        ms: stretch.to - stretch.from,
        reason: isDown ? 'refused' : null,
      },
    ],
    moreChecks: 0,
    messages: [
      {
        ...{ agent: 'agent-web-1', log: 'services-authority', more: isDown ? 3 : 0 },
        covering: isDown ? [ref(10 * i + 1), ref(10 * i + 2)] : [],
        before: ref(10 * i),
        after: ref(10 * i + 3),
        gaps: isDown ? [] : [{ ...ref(10 * i + 1), kind: 'gap', through: 10 * i + 2 }],
      },
    ],
  }
}

/** Where the time of the sample's portal went in the cycle, the latest first. */
export const sampleLost: LostAnswer = {
  ...{ asOf, window, byCause, outageList: outages, next: null },
  outages: outageFigures(outages),
  reliefMs: { maintenance: hourMs, centre: hourMs, dispute: hourMs },
  attestedMs: { self: 2_000 * hourMs, witnessed: 4 * hourMs, both: 600 * hourMs },
  stretches: stretches.map(rowOf).toReversed(),
}

/** Nothing was lost. */
export const nothingLost: LostAnswer = {
  ...{ asOf, window, byCause: [], outageList: [], next: null, stretches: [] },
  outages: outageFigures([]),
  reliefMs: { maintenance: 0, centre: 0, dispute: 0 },
  attestedMs: { self: 0, witnessed: 0, both: 0 },
}
