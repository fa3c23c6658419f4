import { parser } from '@prometheus-io/lezer-promql'

/** A place in a parsed query; the package that has the type is not one of ours. */
type SyntaxNode = ReturnType<ReturnType<typeof parser.parse>['resolve']>

/** One place in a query that reads a metric. */
export type Selector = {
  readonly metric: string
  readonly text: string
  /** Names of the functions that it is an argument of, the innermost first. */
  readonly within: readonly string[]
}

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
        const metric = text.split('{', 1).join('').trim()
        selectors.push({ metric, text, within: functionsAround(node.node, query) })
      }
    },
  })
  return selectors
}

function functionsAround(selector: SyntaxNode, query: string): string[] {
  const names: string[] = []
  for (let node = selector.parent; node; node = node.parent) {
    const name = node.name === 'FunctionCall' ? node.getChild('FunctionIdentifier') : null
    if (name) names.push(query.slice(name.from, name.to))
  }
  return names
}

/** The labels that the outermost aggregation keeps; null without one. */
export function labelsKept(query: string): string[] | null {
  const cursor = parser.parse(query).cursor()
  do {
    if (cursor.name === 'GroupingLabels') {
      return cursor.node.getChildren('LabelName').map(({ from, to }) => query.slice(from, to))
    }
  } while (cursor.next())
  return null
}
