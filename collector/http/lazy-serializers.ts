import compilers from '@fastify/fast-json-stringify-compiler'

type Build = ReturnType<typeof compilers>

/**
 * Fastify's own compiler of the schemas of answers, which compiles one when it is first needed:
 * most of some hundred are never given in a day, and hold 5 MB of generated code.
 */
export const lazySerializers: Build = (...given) => {
  const compile = compilers()(...given)
  return (route) => {
    let serialize: ReturnType<typeof compile> | undefined
    return (answer) => {
      serialize ??= compile(route)
      return serialize(answer)
    }
  }
}
