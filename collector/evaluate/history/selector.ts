import { AppError } from '../../error.ts'
import type { Figure } from '../../kpi/snapshot.ts'
import { type Pattern, patternOf } from './pattern.ts'
import type { LabelMatcher } from './wire.ts'

/** The label that all history carries: it tells it from what Prometheus scraped itself. */
export const historyLabel = ['history', 'evidence'] as const

/** Labels that Prometheus gives to what it scrapes: history takes those it is asked for. */
const targetLabels = ['job', 'instance']

/** A gauge that has a history, by scope, institution, environment and window. */
type HistoryFamily = {
  readonly name: string
  /** What else its series are told apart by; null for a single series. */
  readonly bounds: readonly Bound[] | null
  readonly value: (figure: Figure, bound: Bound) => number
}
type Bound = 'low' | 'observed' | 'high'

/** The same gauges as on `/metrics`. */
const families: readonly HistoryFamily[] = [
  {
    name: 'istimrar_continuity_ratio',
    bounds: ['low', 'observed', 'high'],
    value: (figure, bound) => figure[bound]?.ratio ?? Number.NaN,
  },
  {
    name: 'istimrar_continuity_coverage_ratio',
    bounds: null,
    value: ({ low, coverage }) => (low === null ? 0 : (coverage?.ratio ?? Number.NaN)),
  },
  {
    name: 'istimrar_continuity_own_fault_ratio',
    bounds: ['low', 'high'],
    value: ({ ownFault }, bound) =>
      (bound === 'observed' ? null : ownFault?.[bound].ratio) ?? Number.NaN,
  },
]

/** What a figure is of; institution and environment are empty where they are all. */
export type Place = {
  readonly scope: 'nation' | 'institution' | 'environment'
  readonly institution: string
  readonly environment: string
}

/** One series that a figure is a value of. */
export type Wanted = {
  readonly labels: readonly (readonly [name: string, value: string])[]
  readonly value: (figure: Figure) => number
}

/** What a query asks for: whether a label may have a value, and the series of a figure. */
export class Selector {
  readonly #fits: ReadonlyMap<string, readonly Pattern[]>
  readonly #families: readonly HistoryFamily[]
  readonly #asked: readonly (readonly [name: string, value: string])[]

  /** Throws AppError `invalid` that names every matcher it cannot follow. */
  constructor(matchers: readonly LabelMatcher[]) {
    const [name, value] = historyLabel
    const isHistory = (each: LabelMatcher) =>
      each.kind === '=' && each.name === name && each.value === value
    if (!matchers.some(isHistory)) {
      const settings = `required_matchers: { ${name}: ${value} }`
      throw new AppError('invalid', `Ask for history with ${name}="${value}", and set ${settings}.`)
    }
    this.#asked = matchers
      .filter(({ kind, name }) => kind === '=' && targetLabels.includes(name))
      .map(({ name, value }) => [name, value])
    this.#fits = patternsOf(matchers)
    const known = new Set(['__name__', name, 'scope', 'institution', 'environment', 'window'])
    for (const [label] of this.#asked) known.add(label)
    const others = [...this.#fits.keys()].filter((label) => !known.has(label) && label !== 'bound')
    const isAskedForMore =
      !this.allows(name, value) || others.some((label) => !this.allows(label, ''))
    this.#families = families.filter(({ name, bounds }) => {
      return !isAskedForMore && this.allows('__name__', name) && this.#boundsOf(bounds).length > 0
    })
  }

  /** No continuity is asked for, which is worked out anew at each instant. */
  get isEmpty(): boolean {
    return this.#families.length === 0
  }

  /**
   * The labels that a series is answered with, sorted by name; null where it is not asked for.
   * Empty labels are none, as Prometheus has it.
   */
  labelsOf(own: Readonly<Record<string, string>>): Wanted['labels'] | null {
    const all = new Map([...Object.entries(own), historyLabel, ...this.#asked])
    const isAsked = [...this.#fits.keys()].every((name) => this.allows(name, all.get(name) ?? ''))
    if (!isAsked) return null
    return [...all].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** Whether all matchers of a label let a value pass. */
  allows(label: string, value: string): boolean {
    return (this.#fits.get(label) ?? []).every((fits) => fits(value))
  }

  /** The series that a figure of this place and window is a value of. */
  wanted({ scope, institution, environment }: Place, window: string): Wanted[] {
    return this.#families.flatMap(({ name, bounds, value }) =>
      this.#boundsOf(bounds).map((bound): Wanted => {
        const labels = [
          ['__name__', name],
          ...(bounds ? [['bound', bound] as const] : []),
          ...(environment ? [['environment', environment] as const] : []),
          historyLabel,
          ...(institution ? [['institution', institution] as const] : []),
          ['scope', scope],
          ['window', window],
          ...this.#asked,
        ] as const
        const sorted = labels.toSorted(([a], [b]) => (a < b ? -1 : 1))
        return { labels: sorted, value: (figure) => value(figure, bound) }
      }),
    )
  }

  /** Whether one of these gauges may be asked for. */
  allowsAny(names: readonly string[]): boolean {
    const [label, value] = historyLabel
    return this.allows(label, value) && names.some((name) => this.allows('__name__', name))
  }

  /** How many series one figure is a value of. */
  get seriesEach(): number {
    return this.#families.reduce((sum, { bounds }) => sum + this.#boundsOf(bounds).length, 0)
  }

  #boundsOf(bounds: readonly Bound[] | null): readonly Bound[] {
    if (bounds) return bounds.filter((bound) => this.allows('bound', bound))
    return this.allows('bound', '') ? ['low'] : []
  }
}

function patternsOf(matchers: readonly LabelMatcher[]): Map<string, Pattern[]> {
  const patterns = new Map<string, Pattern[]>()
  const problems: string[] = []
  for (const matcher of matchers) {
    try {
      const known = patterns.get(matcher.name) ?? []
      patterns.set(matcher.name, [...known, patternFor(matcher)])
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      problems.push(`Matcher of ${labelName(matcher)}: ${error.message}`)
    }
  }
  if (problems.length > 0) throw new AppError('invalid', problems.join(' '))
  return patterns
}

/** A name that cannot be one of ours is not repeated. */
function labelName({ name }: LabelMatcher): string {
  return /^[a-z_]{1,20}$/.test(name) ? name : 'another label'
}

function patternFor({ kind, value }: LabelMatcher): Pattern {
  if (kind === '=') return (text) => text === value
  if (kind === '!=') return (text) => text !== value
  const pattern = patternOf(value)
  return kind === '=~' ? pattern : (text) => !pattern(text)
}
