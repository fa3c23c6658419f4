/** One field that an act changed; undefined where there was or is none. */
export type FieldDifference = {
  /** From the outside in; what stands in a list by its `id`, else by its number from 1. */
  readonly path: readonly string[]
  readonly before: Plain | undefined
  readonly after: Plain | undefined
}

/** A value without parts, or an empty list or object. */
export type Plain = string | number | boolean | null | readonly [] | Record<string, never>

/** The fields that are told, and how many there are in all. */
export type ActDifference = { readonly fields: readonly FieldDifference[]; readonly count: number }

/** Fields that are told of one act. */
export const fieldsShownMax = 60

/** What an act changed, field by field, at most 60 of them, and how many there are in all. */
export function actDifference(before: unknown, after: unknown): ActDifference {
  const old = leavesOf(before)
  const young = leavesOf(after)
  const paths = new Map([...old, ...young].map(([key, { path }]) => [key, path]))
  const fields = [...paths]
    .map(([key, path]) => ({ path, before: old.get(key)?.value, after: young.get(key)?.value }))
    .filter((field) => JSON.stringify(field.before) !== JSON.stringify(field.after))
  return { fields: fields.slice(0, fieldsShownMax), count: fields.length }
}

type Leaves = Map<string, { readonly path: readonly string[]; readonly value: Plain }>

/** Deeper than anything that acts hold; what is deeper is told as text. */
const depthMax = 20

function leavesOf(value: unknown): Leaves {
  const leaves: Leaves = new Map()
  const walk = (part: unknown, path: readonly string[]): void => {
    const parts = path.length < depthMax ? partsOf(part) : null
    if (parts && parts.length > 0) {
      for (const [name, each] of parts) walk(each, [...path, name])
      return
    }
    // What has no parts is plain; what is too deep becomes so.
    const plain = parts || typeof part !== 'object' ? (part as Plain) : plainOf(part)
    leaves.set(JSON.stringify(path), { path, value: plain })
  }
  // Nothing before the first act, nothing after the last.
  if (value !== null && value !== undefined) walk(value, [])
  return leaves
}

function plainOf(part: object | null): Plain {
  return part === null ? null : JSON.stringify(part)
}

/** The parts of a list or an object; null for anything else. */
function partsOf(part: unknown): [string, unknown][] | null {
  if (Array.isArray(part)) return part.map((each, i) => [nameIn(part, each) ?? `${i + 1}`, each])
  if (typeof part !== 'object' || part === null) return null
  return Object.entries(part)
}

/** The id of a list's item, where all have one and no two the same. */
function nameIn(list: readonly unknown[], item: unknown): string | null {
  const ids = list.map((each) => (each as { readonly id?: unknown } | null)?.id)
  const isNamed = ids.every((id) => typeof id === 'string') && new Set(ids).size === ids.length
  return isNamed ? String((item as { readonly id: string }).id) : null
}
