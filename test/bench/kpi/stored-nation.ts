import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { leafOf, messageLeaf } from '../../../collector/evidence/leaf.ts'
import { openLogKey } from '../../../collector/evidence/log-key.ts'
import { noTime } from '../../../collector/kpi/environment-day.ts'
import { applyDeclared, readDeclared } from '../../../collector/register/files.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import {
  type Admitted,
  type AgentRow,
  type CheckRecord,
  type DayRow,
  daysPerSaveMax,
  type SpanRow,
  type Store,
} from '../../../collector/store/store.ts'
import { generateKey, messageTypes, privateKey, sha256, signJws } from '../../../protocol/jws.ts'
import { dayMs, dayOf, type EpochMs, minuteMs } from '../../../protocol/time.ts'
import { type LoadPlace, loadDefinitions, loadRegister } from '../../simulation/load-nation.ts'
import { exampleFiles } from '../../support/collector.ts'
import { lookAt, type Outage, yearMinutes } from './year.ts'

/**
 * A collector's database as it is after long: written through the store, since a year would take
 * days to be admitted batch by batch.
 */
export class StoredNation {
  readonly dataDir: string
  readonly registerFile: string
  readonly databaseFile: string
  readonly #places: readonly LoadPlace[]
  readonly #store: Store
  #checks = 0

  private constructor(folder: string, places: readonly LoadPlace[]) {
    this.dataDir = join(folder, 'data')
    this.registerFile = join(folder, 'register.yaml')
    this.databaseFile = join(this.dataDir, 'collector.db')
    this.#places = places
    writeFileSync(this.registerFile, loadRegister(places))
    openLogKey(join(this.dataDir, 'log-key.pem'))
    this.#store = sqliteStore(this.databaseFile)
  }

  /** `folder` holds an empty folder `data`; the register holds from `start` on. */
  static async create(
    folder: string,
    places: readonly LoadPlace[],
    start: EpochMs,
  ): Promise<StoredNation> {
    const nation = new StoredNation(folder, places)
    const declared = readDeclared(
      nation.registerFile,
      exampleFiles.policy,
      Math.max(start, Date.now()),
    )
    const applying = { actor: 'bench', role: 'admin', why: 'bench', effectiveFrom: start }
    await applyDeclared(nation.#store, declared, applying, start)
    return nation
  }

  /**
   * Twenty checks of one agent at each place, up from `start` to `through` but for the outages of
   * each check, in minutes since `start`. `keys` are of agents that will go on by themselves.
   */
  async addChecks(
    start: EpochMs,
    throughOf: (place: LoadPlace) => EpochMs,
    outagesOf: (check: number) => readonly Outage[] = () => [],
    keys: (place: LoadPlace) => Pick<AgentRow, 'kid' | 'publicKey'> | null = () => null,
  ): Promise<StreamEnd[]> {
    const ends: StreamEnd[] = []
    for (const place of this.#places) {
      const id = String(ends.length).padStart(16, '0')
      const key = keys(place) ?? { kid: `kid-${id}`, publicKey: 'none' }
      const agent: AgentRow = {
        ...{ agent: `a-${id}`, name: 'host-1', enrolledAt: start, status: 'active' },
        ...{ ...place, kid: key.kid, publicKey: key.publicKey },
      }
      await this.#enrol(agent)
      const prev = await this.#addEvidence(agent, start, throughOf(place), outagesOf)
      ends.push({ agent: agent.agent, seq: 2, prev })
    }
    return ends
  }

  /** All days of every place before the one of `now`, as derived: up but for one outage in ten. */
  async addDays(start: EpochMs, now: EpochMs): Promise<number> {
    let [rows, count]: [DayRow[], number] = [[], 0]
    const save = async () => {
      await this.#store.saveDays(rows, [])
      rows = []
    }
    for (const [i, place] of this.#places.entries()) {
      for (let day = dayOf(start); day < dayOf(now); day += dayMs) {
        rows.push({ ...place, ...dayRow(Math.max(day, start), day, i) })
        count++
        if (rows.length === daysPerSaveMax) await save()
      }
    }
    await save()
    return count
  }

  /** What was written marks nothing as to be derived. */
  async settle(): Promise<void> {
    await this.#store.saveDays([], await this.#store.dirtyDays())
    await this.#store.close()
  }

  async #enrol(agent: AgentRow): Promise<void> {
    const entry = {
      ...{ actor: 'bench', role: 'admin', what: `agent/${agent.agent}`, why: 'enrolment' },
      ...{ before: null, after: { name: agent.name }, effectiveFrom: agent.enrolledAt },
    }
    const at = agent.enrolledAt
    const leaf = leafOf(agent.institution, { kind: 'act', at, ...entry })
    await this.#store.applyActs([
      { at, entry, leaf, effects: [{ kind: 'agent', agent, token: null }] },
    ])
  }

  async #addEvidence(
    agent: AgentRow,
    start: EpochMs,
    through: EpochMs,
    outagesOf: (check: number) => readonly Outage[],
  ): Promise<string> {
    const checks: CheckRecord[] = []
    const spans: SpanRow[] = []
    for (const definition of loadDefinitions) {
      const number = ++this.#checks
      const own = spansOf(number, start, through, outagesOf(number - 1))
      spans.push(...own)
      const last = own.at(-1)!
      const { upMs, degradedMs, downMs, state, reason } = last
      checks.push({
        ...{ number, institution: agent.institution, environment: agent.environment },
        ...{ name: `${agent.name}/${definition.check}`, agent: agent.agent, kind: definition.kind },
        ...{ label: null, intervalMs: minuteMs, declared: true, since: start, boot: null },
        ...{ throughBoot: 0, through, state, reason, stateSince: last.from, spanFrom: last.from },
        ...{ upMs, degradedMs, downMs },
      })
    }
    const admitted = admittedOf(agent, through, checks, spans)
    const [stored] = await this.#store.appendGroup([admitted])
    if (stored instanceof Error) throw stored
    return admitted.evidence!.cursor.prev
  }
}

/** Where the stream of an agent goes on. */
export type StreamEnd = { readonly agent: string; readonly seq: number; readonly prev: string }

const key = privateKey(generateKey().privatePem)

function admittedOf(
  agent: AgentRow,
  through: EpochMs,
  checks: readonly CheckRecord[],
  spans: readonly SpanRow[],
): Admitted {
  const insteadOf = { agent: agent.agent, text: 'in place of all batches of a year' }
  const jws = signJws(messageTypes.batch, insteadOf, key, 'bench')
  const dating = { timeClass: 'A' as const, offsetMs: 0, anchoredAt: through }
  const message = {
    ...{ epoch: 1, seq: 1, through: 1, type: 'batch' as const, sha256: sha256(jws) },
    ...{ received: through, jws, dating },
  }
  const value = { n: 1, min: 0.2, max: 0.2, last: 0.2, buckets: [] }
  const measured = loadDefinitions.filter(({ kind }) => kind === 'http' || kind === 'tcp')
  const facts = measured.map(({ check }) => {
    const bare = { method: null, missing: null, detail: null }
    return { indicator: `check.${check}`, at: through, value, ...bare }
  })
  return {
    agent,
    contact: { lastReportAt: through, lastBatchAt: through, version: '0.1.0', spooledMessages: 0 },
    anchor: null,
    evidence: {
      message,
      leaf: messageLeaf(agent.institution, agent.agent, message),
      cursor: { epoch: 1, seq: 2, prev: message.sha256, definitions: [] },
      ...{ checks, grown: [], spans, facts, dirtyDays: [] },
    },
  }
}

function spansOf(
  check: number,
  start: EpochMs,
  through: EpochMs,
  outages: readonly Outage[],
): SpanRow[] {
  const at = (minute: number) => start + minute * minuteMs
  const edges = outages.flatMap(({ from, to }) => [at(from), at(to)])
  const spans: SpanRow[] = []
  let [upMs, downMs, from] = [0, 0, start]
  for (const to of [...edges, through]) {
    const state = spans.length % 2 === 0 ? ('up' as const) : ('down' as const)
    const reason = state === 'down' ? ('refused' as const) : null
    spans.push({ check, from, to, state, reason, upMs, degradedMs: 0, downMs })
    if (state === 'up') upMs += to - from
    else downMs += to - from
    from = to
  }
  return spans
}

/** The rest of a day from an instant on. */
function dayRow(from: EpochMs, day: EpochMs, place: number): Omit<DayRow, keyof LoadPlace> {
  const to = day + dayMs
  const ms = to - from
  if ((day / dayMs + place) % 10 !== 0) {
    const sums = { ...noTime, up: ms, grossUp: ms }
    return { day, sums, pieces: [{ from, to, state: 'up' }] }
  }
  const down = 5 * minuteMs
  const middle = from + Math.floor(ms / 2)
  return {
    day,
    sums: { ...noTime, up: ms - down, down, grossUp: ms - down, grossDown: down },
    pieces: [
      { from, to: middle, state: 'up' },
      { from: middle, to: middle + down, state: 'down' },
      { from: middle + down, to, state: 'up' },
    ],
  }
}

/** Looks of a year at one check, as they are sent to peers: 1 for up, 0 for down. */
export function looksOf(outages: readonly Outage[]): Uint8Array {
  const looks = new Uint8Array(yearMinutes).fill(1)
  for (const { from, to } of outages) looks.fill(0, from, to)
  return looks
}

/** The instants of all looks of a year. */
export function instantsOf(start: EpochMs): EpochMs[] {
  return Array.from({ length: yearMinutes }, (_, minute) => lookAt(start, minute))
}
