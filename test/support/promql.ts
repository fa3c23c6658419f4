import { parser } from '@prometheus-io/lezer-promql'

/** One place in a query that reads a metric. */
export type Selector = { readonly metric: string; readonly text: string }

/** Puts values in the place of Grafana's variables. */
export function substitute(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$([A-Za-z_]\w*)/g, (whole, name) => variables[name] ?? whole)
}

/** The selectors of a query. Throws on what is no PromQL. */
export function selectorsOf(query: string): Selector[] {
  const selectors: Selector[] = []
  parser.parse(query).iterate({
    enter: (node) => {
      const text = query.slice(node.from, node.to)
      if (node.type.isError) throw new Error(`Not PromQL at "${query.slice(node.from)}": ${query}`)
      if (node.name === 'VectorSelector') {
        selectors.push({ metric: text.split('{', 1).join('').trim(), text })
      }
    },
  })
  return selectors
}
