import Fastify from 'fastify'
import { type SchemaCompilers, schemaRules } from '../../collector/app.ts'

/**
 * Fastify's own compilers of the routes' schemas, which compile a schema once and not once in each
 * of the hundreds of collectors that tests open.
 */
export async function sharedCompilers(): Promise<SchemaCompilers> {
  const donor = Fastify({ ajv: schemaRules })
  // Fastify makes its compilers when the first route asks for them.
  const schema = { querystring: { type: 'object' }, response: { 200: {} } }
  donor.get('/', { schema }, async () => ({}))
  await donor.ready()
  return {
    validator: once(donor.validatorCompiler!, ({ httpPart, schema }) => [httpPart, schema]),
    serializer: once(donor.serializerCompiler!, ({ schema }) => schema),
  }
}

function once<R, T>(compile: (route: R) => T, keyOf: (route: R) => unknown): (route: R) => T {
  const compiled = new Map<string, T>()
  return (route) => {
    const key = JSON.stringify(keyOf(route))
    if (!compiled.has(key)) compiled.set(key, compile(route))
    return compiled.get(key)!
  }
}
