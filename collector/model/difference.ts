import type { Model } from '../kpi/readiness/model.ts'

/** One value that two models have differently; null where one has none. */
export type ModelChange = {
  /** Such as `dimensions.d3.indicators.d3.backup_age.weight`; parts with an id are named by it. */
  readonly path: string
  readonly old: string | null
  readonly new: string | null
}

/** What a change does to figures: scores cannot be compared, nothing scored changed, texts only. */
export const changeKinds = ['major', 'minor', 'patch'] as const
export type ChangeKind = (typeof changeKinds)[number]

export type ModelDifference = {
  readonly changes: readonly ModelChange[]
  /** The part of the version that must rise at least. */
  readonly kind: ChangeKind
}

/** How a model differs from the one before it, in order of paths. */
export function modelDifference(before: Model, after: Model): ModelDifference {
  const [old, fresh] = [valuesOf(before), valuesOf(after)]
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].sort()
  const changes = paths.flatMap((path): ModelChange[] => {
    const change = { path, old: old.get(path) ?? null, new: fresh.get(path) ?? null }
    return change.old === change.new ? [] : [change]
  })
  const unscored = new Set([...unscoredOf(before), ...unscoredOf(after)])
  const scored = new Set([...scoredOf(before), ...scoredOf(after)])
  const kinds = changes.map(({ path }): ChangeKind => {
    if (isText(path)) return 'patch'
    const place = [...unscored].find((each) => path.startsWith(`${each}.`))
    return place !== undefined && !scored.has(place) ? 'minor' : 'major'
  })
  return { changes, kind: changeKinds.find((kind) => kinds.includes(kind)) ?? 'patch' }
}

/** Whether a version is later than another one, and by which part. Null: it is not later. */
export function versionStep(before: string, after: string): ChangeKind | null {
  const [old, fresh] = [before, after].map((version) => version.split('.').map(Number))
  const place = changeKinds.findIndex((_kind, index) => old![index] !== fresh![index])
  return place >= 0 && fresh![place]! > old![place]! ? changeKinds[place]! : null
}

/** Whether a version rose by as much as a change asks for. */
export function isEnough(step: ChangeKind, needed: ChangeKind): boolean {
  return changeKinds.indexOf(step) <= changeKinds.indexOf(needed)
}

/** Said of an indicator without weight and gate: it is looked at, and moves nothing. */
function unscoredOf(model: Model): string[] {
  return placesOf(model, ({ weight, gate }) => weight === 0 && gate === null)
}

function scoredOf(model: Model): string[] {
  return placesOf(model, ({ weight, gate }) => weight > 0 || gate !== null)
}

type Indicator = Model['dimensions'][number]['indicators'][number]

function placesOf(model: Model, fits: (indicator: Indicator) => boolean): string[] {
  return model.dimensions.flatMap(({ id, indicators }) =>
    indicators.filter(fits).map((each) => `dimensions.${id}.indicators.${each.id}`),
  )
}

function isText(path: string): boolean {
  return /(^|\.)(label|advice)\.(ar|en)$|^levels\.[^.]+\.(color|icon)$/.test(path)
}

/** Every value of a model by its path; its name and its state of approval are no content. */
function valuesOf(model: Model): Map<string, string> {
  const { id: _id, version: _version, hash: _hash, status: _status, ...content } = model
  const values = new Map<string, string>()
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value !== 'object' || value === null) {
      values.set(path.join('.'), JSON.stringify(value))
      return
    }
    for (const [name, inner] of Object.entries(value)) {
      const isNamed = Array.isArray(value) && typeof inner?.id === 'string'
      visit(inner, [...path, isNamed ? inner.id : name])
    }
  }
  visit(content, [])
  return values
}
