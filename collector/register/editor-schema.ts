import type { TSchema } from 'typebox'

/**
 * The text of the JSON Schema file that lets editors complete and check a YAML file. Differs from
 * the schema itself in that references are pointers into one list of definitions, which is the only
 * form all editors resolve.
 */
export function editorSchema(schema: TSchema, title: string): string {
  const definitions: Record<string, unknown> = {}
  const body = withPointers(schema, definitions) as object
  const named = Object.keys(definitions).length > 0 ? { definitions } : {}
  const whole = { $schema: 'http://json-schema.org/draft-07/schema#', title, ...body, ...named }
  return `${JSON.stringify(whole, null, 2)}\n`
}

function withPointers(node: unknown, definitions: Record<string, unknown>): unknown {
  if (Array.isArray(node)) return node.map((item) => withPointers(item, definitions))
  if (typeof node !== 'object' || node === null) return node
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(node)) {
    if (name === '$defs') Object.assign(definitions, withPointers(value, definitions))
    else if (name === '$ref') result.$ref = `#/definitions/${value}`
    else if (name !== '$id') result[name] = withPointers(value, definitions)
  }
  return result
}
