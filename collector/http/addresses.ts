/** Every address that is served, and what may be done with it. */
export class Addresses {
  readonly #methods = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>()

  /** A route as Fastify knows it, e.g. `/api/v1/institutions/:id` or `/files/*`. */
  add(url: string, methods: string | readonly string[]): void {
    const known = this.#methods.get(url) ?? { pattern: patternOf(url), methods: new Set() }
    for (const method of [methods].flat()) known.methods.add(method)
    this.#methods.set(url, known)
  }

  /** The methods of the address of a request; none where nothing is. */
  methodsOf(requestUrl: string): string[] {
    const [path = ''] = requestUrl.split('?', 1)
    const found = [...this.#methods.values()].filter(({ pattern }) => pattern.test(path))
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort()
  }
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*'
    return part.startsWith(':') ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('/')}$`)
}
