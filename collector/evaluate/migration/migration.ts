import { isDeepStrictEqual } from 'node:util'
import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import { nationalLog } from '../../evidence/leaf.ts'
import { curveOf } from '../../kpi/migration/curve.ts'
import { institutionFigures, nationFigures } from '../../kpi/migration/figures.ts'
import { discoveredIn, migrationFindings } from '../../kpi/migration/findings.ts'
import { workloadRows } from '../../kpi/migration/judge.ts'
import type { MigrationContext, ObservedInstitution } from '../../kpi/migration/observation.ts'
import type {
  CurvePoint,
  MigrationClosing,
  MigrationDetail,
  MigrationFigures,
  MigrationPart,
  SnapshotMigration,
} from '../../kpi/migration/result.ts'
import { wavesOf } from '../../kpi/migration/waves.ts'
import type { MigrationRegister } from '../../kpi/migration/workload.ts'
import { instantAt, wallAt } from '../../kpi/zone.ts'
import { settingVersions } from '../../register/history.ts'
import { MigrationFold, registersOf } from '../../register/migration-log.ts'
import { foldMigrationMonths } from '../../register/migration-months.ts'
import type { DayRow, EvaluationReader } from '../../store/store.ts'
import type { AgentBook } from '../agent-book.ts'
import type { Basis } from '../basis.ts'
import type { Frame } from '../build-snapshot.ts'
import type { Ledgers } from '../ledgers.ts'
import { Observations } from './observe.ts'

/** What one evaluation found, as migration is judged from it. */
export type MigrationFound = { readonly basis: Basis; readonly frame: Frame }

/** What people registered, as it holds until the next of their acts does. */
type Decided = {
  readonly entries: Basis['entries']
  readonly from: EpochMs
  readonly to: EpochMs
  readonly registers: ReadonlyMap<string, MigrationRegister>
  /** By institution, or `national`. */
  readonly closings: ReadonlyMap<string, readonly MigrationClosing[]>
}

/** An institution as it was judged, and what of. */
type Judged = {
  readonly register: MigrationRegister
  readonly observed: ObservedInstitution
  readonly context: MigrationContext
  readonly part: MigrationPart
  readonly figures: MigrationFigures
}

type Shown = {
  readonly found: MigrationFound
  readonly context: MigrationContext
  readonly decided: Decided
  readonly judged: ReadonlyMap<string, Judged>
  /** Null where nobody registered a workload. */
  readonly migration: SnapshotMigration | null
}

/** Judges what was registered and measured of migration, and again only where that is other. */
export class Migration {
  readonly #observations: Observations
  #fold = new MigrationFold()
  #decided: Decided | null = null
  #shown: Shown | null = null

  constructor(reader: EvaluationReader, ledgers: Ledgers, agents: AgentBook) {
    this.#observations = new Observations(reader, ledgers, agents)
  }

  /** To be told of every day that is derived, whatever for. */
  note(days: readonly DayRow[]): void {
    this.#observations.note(days)
  }

  /** Forgets what was read. */
  clear(): void {
    this.#observations.clear()
    this.#fold = new MigrationFold()
    this.#decided = null
  }

  /** Null where nobody registered a workload. `at` is the instant whose acts hold. */
  async evaluate(found: MigrationFound, at: EpochMs): Promise<SnapshotMigration | null> {
    const { basis } = found
    const decided = this.#decide(basis, at)
    const context = this.#contextOf(found)
    const before = this.#shown
    const own = basis.register.institutions.flatMap(({ id }) => {
      const register = decided.registers.get(id)
      return register && register.workloads.length > 0 ? [register] : []
    })
    const judged = new Map<string, Judged>()
    const shown = { found, context, decided, judged }
    if (own.length > 0) {
      const all = await this.#observe(shown)
      for (const register of own) {
        const { institution } = register
        const last = before?.judged.get(institution)
        judged.set(institution, judgedOf(register, all.get(institution) ?? unseen, shown, last))
      }
    }
    const migration = own.length > 0 ? together(shown, before) : null
    this.#shown = { ...shown, migration }
    return migration
  }

  /**
   * What is behind it, of an institution or (null) of the nation; null for an institution that is
   * not in the register. What discovery proposes is there before the first workload is.
   */
  async detail(institution: string | null): Promise<MigrationDetail | null> {
    const shown = this.#shown
    if (!shown) return null
    const { context, judged, decided, migration } = shown
    const closings = decided.closings.get(institution ?? nationalLog) ?? none
    if (institution === null) {
      if (!migration) return null
      const parts = [...judged.values()].map(({ part }) => part)
      return {
        ...{ figures: migration.nation, rows: [], findings: [], discovered: [] },
        waves: wavesOf(parts.flatMap(({ rows }) => rows)),
        curve: this.nationCurve(),
      }
    }
    if (!shown.found.basis.register.institutions.some(({ id }) => id === institution)) return null
    const own = judged.get(institution) ?? (await this.#withoutWorkload(institution, shown))
    const { register, observed, part, figures } = own
    return {
      ...{ figures, rows: part.rows, findings: part.findings },
      discovered: discoveredIn(register, observed, context),
      waves: wavesOf(part.rows),
      curve: curveOf([part], closings, figures, context),
      baselines: register.baselines,
    }
  }

  /** The S-curve of the nation, by the last evaluation; empty before a workload is registered. */
  nationCurve(): CurvePoint[] {
    const { migration, decided, judged, context } = this.#shown ?? {}
    if (!migration || !decided || !judged || !context) return []
    const parts = [...judged.values()].map(({ part }) => part)
    return curveOf(parts, decided.closings.get(nationalLog) ?? none, migration.nation, context)
  }

  async #withoutWorkload(institution: string, shown: Omit<Shown, 'migration'>): Promise<Judged> {
    const bare = { institution, workloads: [], exemptions: [], baselines: [] }
    const register = shown.decided.registers.get(institution) ?? bare
    const observed = (await this.#observe(shown)).get(institution) ?? unseen
    return judgedOf(register, observed, shown, undefined)
  }

  #observe({
    found: { basis },
    context: { at },
    decided: { registers },
  }: Pick<Shown, 'found' | 'context' | 'decided'>) {
    return this.#observations.read({ basis, at, registers })
  }

  /** What acts say is looked at where there are others; registers stay the objects they were. */
  #decide({ entries, history }: Basis, at: EpochMs): Decided {
    const before = this.#decided
    if (before?.entries === entries && before.from <= at && at < before.to) return before
    const past = entries.filter(({ effectiveFrom }) => effectiveFrom <= at)
    const planned = entries.filter(({ effectiveFrom }) => effectiveFrom > at)
    const registers = registersOf(this.#fold.read(entries, at, history))
    const closings = foldMigrationMonths(new Map(), past)
    this.#decided = {
      entries,
      from: at,
      to: planned.reduce((to, act) => Math.min(to, act.effectiveFrom), Number.POSITIVE_INFINITY),
      registers: kept(registers, before?.registers),
      closings: kept(closings, before?.closings),
    }
    return this.#decided
  }

  /** The same object as before where nothing is other. */
  #contextOf({ basis, frame: { asOf, timezone } }: MigrationFound): MigrationContext {
    const { policy } = basis
    const context: MigrationContext = {
      at: dayBegin(asOf, timezone),
      timezone,
      policy: policy.hosting ?? null,
      policies: settingVersions(basis.history, 'hosting').flatMap(({ from, to, value }) => {
        return value && from <= basis.at ? [{ from, to, policy: value }] : []
      }),
      continuityTargetRatio: policy.continuityTargetRatio,
    }
    const before = this.#shown?.context
    return before && isDeepStrictEqual(before, context) ? before : context
  }
}

/** Where nothing was measured. */
const unseen: ObservedInstitution = { environments: [], workloads: new Map() }

/** Midnight of the zone at which the day of an instant began. */
function dayBegin(at: EpochMs, timezone: string): EpochMs {
  return instantAt(Math.floor(wallAt(at, timezone) / dayMs) * dayMs, timezone)
}

/** The same with each value the object that it was, where it is equal. */
function kept<T>(all: ReadonlyMap<string, T>, before: ReadonlyMap<string, T> = new Map()) {
  return new Map(
    Array.from(all, ([id, each]): [string, T] => {
      const last = before.get(id)
      return [id, last !== undefined && isDeepStrictEqual(last, each) ? last : each]
    }),
  )
}

/** As it was before where what it is judged of is; figures that are equal stay one object. */
function judgedOf(
  register: MigrationRegister,
  observed: ObservedInstitution,
  { context, decided }: Pick<Shown, 'context' | 'decided'>,
  last: Judged | undefined,
): Judged {
  const { institution, baselines } = register
  const closings = decided.closings.get(institution) ?? none
  const isSame =
    last?.register === register &&
    last.observed === observed &&
    last.context === context &&
    last.part.closings === closings
  if (isSame) return last
  const rows = workloadRows(register, observed, context)
  const findings = migrationFindings(register, rows, observed, context)
  const part = { institution, rows, findings, baselines, closings }
  const figures = institutionFigures(part, context)
  const isAlike = last && isDeepStrictEqual(last.figures, figures)
  return { register, observed, context, part, figures: isAlike ? last.figures : figures }
}

const none: readonly MigrationClosing[] = []

/** The same object as before where nothing is other. */
function together(
  { found, context, decided, judged }: Omit<Shown, 'migration'>,
  before: Shown | null,
): SnapshotMigration {
  const closings = decided.closings.get(nationalLog) ?? none
  const all = found.basis.register.institutions.length
  const isSame =
    before?.migration &&
    before.migration.nation.institutions === all &&
    (before.decided.closings.get(nationalLog) ?? none) === closings &&
    before.judged.size === judged.size &&
    [...judged].every(([id, each]) => before.judged.get(id) === each)
  if (isSame) return before.migration
  const parts = [...judged.values()].map(({ part }) => part)
  const nation = nationFigures(parts, { institutions: all, closings }, context)
  const figures = [...judged].map(([id, each]) => [id, each.figures] as const)
  return { at: context.at, nation, institutions: Object.fromEntries(figures) }
}
