/** One metric of a page in the text format. */
export type PageFamily = {
  readonly name: string
  readonly help: string
  readonly type: string
  /** Names of the labels that its series carry; `le` of histograms left out. */
  readonly labels: readonly string[]
  readonly series: readonly { readonly name: string; readonly value: number }[]
}

/** Reads a page as Prometheus would. Series are named as they are written. */
export function readPage(page: string): PageFamily[] {
  return page
    .split(/^# HELP /m)
    .slice(1)
    .map((part) => {
      const [head = '', typeLine = '', ...lines] = part.trim().split('\n')
      const space = head.indexOf(' ')
      const series = lines
        .filter((line) => line !== '')
        .map((line) => {
          const at = line.lastIndexOf(' ')
          return { name: line.slice(0, at), value: Number(line.slice(at + 1)) }
        })
      const labels = series.flatMap(({ name }) =>
        [...name.matchAll(/([a-z_]+)="(?:[^"\\]|\\.)*"/g)].map(([, label = '']) => label),
      )
      return {
        name: head.slice(0, space),
        help: head.slice(space + 1),
        type: typeLine.split(' ').at(-1) ?? '',
        labels: [...new Set(labels)].filter((label) => label !== 'le'),
        series,
      }
    })
}
