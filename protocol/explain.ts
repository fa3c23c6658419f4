import type { TSchema } from 'typebox'
import {
  assertKnown,
  badNumber,
  badText,
  type Definitions,
  describe,
  type Fields,
  isFields,
  type Keywords,
  list,
  mustBeOneOf,
  quote,
  resolve,
  typeFits,
} from './keywords.ts'

/** Where in a value: names of settings and positions in lists, outermost first. */
export type Path = readonly (string | number)[]

/** One reason why a value does not fit, as a sentence that says what is allowed. */
export type Misfit = { readonly path: Path; readonly message: string }

/** What is wrong, one at a time: a reader may stop early. */
type Misfits = Generator<Misfit, void, undefined>

/**
 * Everything in which a value differs from its schema; nothing exactly when the value is valid.
 * A schema says what a pattern means in `patternErrorMessage` and what an alternative of a union
 * is in `title`; editors show both.
 */
export function explain(schema: TSchema, value: unknown): Misfits {
  // A TSchema is plain JSON Schema; its type does not list the keywords.
  return explainAt(schema as Keywords, value, [], {})
}

function* explainAt(schema: Keywords, value: unknown, path: Path, outer: Definitions): Misfits {
  assertKnown(schema)
  const definitions = schema.$defs ? { ...outer, ...schema.$defs } : outer
  if (schema.$ref !== undefined) {
    yield* explainAt(resolve(schema, definitions), value, path, definitions)
  } else if (schema.anyOf) {
    yield* explainUnion(schema.anyOf, value, path, definitions)
  } else if (schema.enum || 'const' in schema) {
    const values = schema.enum ?? [schema.const]
    if (!values.includes(value)) yield { path, message: mustBeOneOf(values) }
  } else if (!typeFits(schema, value)) {
    const unquoted = typeof value === 'number' || typeof value === 'boolean'
    const quotes = unquoted && schema.type === 'string' ? '; write it in quotes' : ''
    yield { path, message: `must be ${describe(schema, definitions)}${quotes}` }
  } else if (Array.isArray(value)) {
    yield* explainList(schema, value, path, definitions)
  } else if (isFields(value)) {
    yield* explainFields(schema, value, path, definitions)
  } else {
    const message = typeof value === 'string' ? badText(schema, value) : badNumber(schema, value)
    if (message !== null) yield { path, message }
  }
}

function* explainFields(
  schema: Keywords,
  value: Fields,
  path: Path,
  definitions: Definitions,
): Misfits {
  const properties = schema.properties ?? {}
  const patterns = Object.entries(schema.patternProperties ?? {})
  const wrongSize = badSize(Object.keys(value).length, schema.minProperties, schema.maxProperties)
  if (wrongSize !== null) yield { path, message: wrongSize }
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) yield { path, message: `missing ${quote(name)}` }
  }
  for (const [name, content] of Object.entries(value)) {
    const at = [...path, name]
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined
    const inner = known ?? patterns.find(([pattern]) => new RegExp(pattern, 'u').test(name))?.[1]
    if (inner) yield* explainAt(inner, content, at, definitions)
    else if (schema.additionalProperties === false) {
      yield { path: at, message: unknownName(schema, name) }
    }
  }
}

function* explainList(
  schema: Keywords,
  value: readonly unknown[],
  path: Path,
  definitions: Definitions,
): Misfits {
  const wrongSize = badSize(value.length, schema.minItems, schema.maxItems)
  if (wrongSize !== null) yield { path, message: wrongSize }
  const seen = new Set<string>()
  for (const [index, item] of value.entries()) {
    const at = [...path, index]
    if (schema.items) yield* explainAt(schema.items, item, at, definitions)
    if (!schema.uniqueItems) continue
    const text = JSON.stringify(item)
    if (seen.has(text)) yield { path: at, message: 'is listed twice' }
    seen.add(text)
  }
}

/** Explains by the alternative most likely meant; names all of them when none stands out. */
function* explainUnion(
  alternatives: readonly Keywords[],
  value: unknown,
  path: Path,
  definitions: Definitions,
): Misfits {
  const tried = alternatives.map((schema) => ({
    schema: resolve(schema, definitions),
    misfits: [...explainAt(schema, value, path, definitions)],
  }))
  if (tried.some(({ misfits }) => misfits.length === 0)) return
  const tagged = explainByTag(tried, value, path)
  const meant = tried
    .filter(({ schema }) => sharesName(schema, value) && typeFits(schema, value))
    .sort((a, b) => a.misfits.length - b.misfits.length)[0]
  if (tagged || meant) {
    yield* tagged ?? meant?.misfits ?? []
  } else {
    const choices = new Set(tried.map(({ schema }) => describe(schema, definitions)))
    yield { path, message: `must be ${[...choices].join(' or ')}` }
  }
}

type Attempt = { readonly schema: Keywords; readonly misfits: Misfit[] }

/** Where alternatives are told apart by a constant setting such as `kind`, that setting decides. */
function explainByTag(tried: readonly Attempt[], value: unknown, path: Path): Misfit[] | null {
  const first = tried[0]?.schema.properties
  if (!first || !isFields(value)) return null
  const tag = Object.keys(first).find((name) =>
    tried.every(({ schema }) => 'const' in (schema.properties?.[name] ?? {})),
  )
  if (tag === undefined) return null
  const choices = tried.map(({ schema }) => schema.properties?.[tag]?.const)
  const meant = tried[choices.indexOf(Object.hasOwn(value, tag) ? value[tag] : undefined)]
  if (meant) return meant.misfits
  if (!Object.hasOwn(value, tag)) {
    return [{ path, message: `missing ${quote(tag)} (${list(choices)})` }]
  }
  return [{ path: [...path, tag], message: mustBeOneOf(choices) }]
}

/** Constants have no form to explain by, and an object is recognised by a setting it declares. */
function sharesName(schema: Keywords, value: unknown): boolean {
  if (schema.enum || 'const' in schema) return false
  const { properties = {} } = schema
  return !isFields(value) || Object.keys(value).some((name) => Object.hasOwn(properties, name))
}

function badSize(size: number, min = 0, max = Number.POSITIVE_INFINITY): string | null {
  if (size < min) return `must have at least ${min} ${min === 1 ? 'entry' : 'entries'}`
  return size > max ? `must have at most ${max} entries, not ${size}` : null
}

function unknownName(schema: Keywords, name: string): string {
  const allowed = Object.keys(schema.properties ?? {})
  if (allowed.length > 0) return `unknown setting ${quote(name)}; allowed: ${allowed.join(', ')}`
  const patterns = Object.keys(schema.patternProperties ?? {})
  return `the name ${quote(name)} is not allowed; it must match ${patterns.join(' or ')}`
}
