import type { Span } from '../../protocol/time.ts'
import type { BootRow, ClockSpanRow, PauseRow, Sight, SightReader } from './sight.ts'
import type { AgentRow, EnvironmentKey } from './store.ts'

type Rows = {
  readonly boots: BootRow[]
  readonly clockSpans: ClockSpanRow[]
  readonly pauses: PauseRow[]
}

/** What hosts tell of themselves, in memory; the same again changes nothing. */
export class MemorySight {
  /** By environment. */
  readonly #rows = new Map<string, Rows>()

  /** What is told of an environment inside a window; the rules are those of `SightReader`. */
  readonly reader: Omit<SightReader, 'witnessTimelines'> = {
    boots: async (key, { from, to }) =>
      this.#of(key)
        .boots.filter(({ startedAt, shutdownAt, previousThrough }) => {
          return startedAt > from && (shutdownAt ?? previousThrough ?? startedAt) < to
        })
        .sort((a, b) => compare(a.agent, b.agent) || a.startedAt - b.startedAt),
    clockSpans: async (key, window) => inside(this.#of(key).clockSpans, window),
    pauses: async (key, window) => inside(this.#of(key).pauses, window),
  }

  add({ agent, name, ...key }: AgentRow, { boots, clockSpans, pauses }: Sight): void {
    const rows = this.#of(key)
    this.#rows.set(placeOf(key), rows)
    for (const row of boots) {
      const index = rows.boots.findIndex((each) => each.agent === name && each.boot === row.boot)
      const known = rows.boots[index]
      if (!known) rows.boots.push({ agent: name, ...row })
      else rows.boots[index] = { ...known, shutdownAt: known.shutdownAt ?? row.shutdownAt }
    }
    for (const span of clockSpans) {
      grow(rows.clockSpans, { agent, ...span }, ({ from }) => from === span.from)
    }
    for (const pause of pauses) {
      const isSame = ({ from, why }: PauseRow) => from === pause.from && why === pause.why
      grow(rows.pauses, { agent, ...pause }, isSame)
    }
  }

  #of(key: EnvironmentKey): Rows {
    return this.#rows.get(placeOf(key)) ?? { boots: [], clockSpans: [], pauses: [] }
  }
}

/** Adds a span, or lets the one that an agent has from there on end later. */
function grow<T extends ClockSpanRow>(rows: T[], row: T, isSame: (row: T) => boolean): void {
  const index = rows.findIndex((each) => each.agent === row.agent && isSame(each))
  const known = rows[index]
  if (!known) rows.push(row)
  else rows[index] = { ...known, to: Math.max(known.to, row.to) }
}

function inside<T extends ClockSpanRow>(rows: readonly T[], { from, to }: Span): T[] {
  return rows
    .filter((row) => row.to > from && row.from < to)
    .sort((a, b) => compare(a.agent, b.agent) || a.from - b.from)
}

function placeOf({ institution, environment }: EnvironmentKey): string {
  return `${institution}/${environment}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
