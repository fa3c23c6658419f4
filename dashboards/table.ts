import { TableCellDisplayMode } from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table'
import type { Language, Text } from '../collector/web/language.ts'
import { type CellLink, cellLink } from './links.ts'
import { query } from './panel.ts'
import { colors, fixedColor, noValue } from './words.ts'

/** A column: a label, or the newest values of a query. */
export type Column = {
  readonly title: Text
  readonly unit?: string
  readonly mappings?: ValueMapping[]
  /** How many are shown; of a share always two. */
  readonly decimals?: number
  readonly colored?: boolean
  readonly link?: CellLink
} & ({ readonly label: string } | { readonly expression: string })

/** A table of the newest values, sorted by a column; queries with the same labels share a row. */
export function table(
  language: Language,
  columns: readonly Column[],
  sortBy: Pick<Column, 'title'>,
  order: 'smallest first' | 'largest first' = 'smallest first',
): Table {
  const panel = new Table().unit('none').filterable(true)
  const fields = columns.map(fieldNames(columns))
  columns.forEach((column) => {
    panel.overrideByName(column.title[language], properties(language, column))
  })
  expressions(columns).forEach((expression, index) => {
    panel.withTarget(query(index, expression).format(PromQueryFormat.Table).instant())
  })
  const indexed = (value: (index: number) => string | number) =>
    Object.fromEntries(fields.map((field, index) => [field, value(index)]))
  return panel
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        includeByName: {},
        indexByName: indexed((index) => index),
        renameByName: indexed((index) => columns[index]?.title[language] ?? ''),
      },
    })
    .withTransformation({
      id: 'sortBy',
      options: {
        fields: {},
        sort: [{ field: sortBy.title[language], desc: order === 'largest first' }],
      },
    })
}

function expressions(columns: readonly Column[]): string[] {
  return columns.flatMap((column) => ('expression' in column ? [column.expression] : []))
}

/** What Grafana calls the field of a column: it numbers values only when there are several. */
function fieldNames(columns: readonly Column[]): (column: Column) => string {
  const all = expressions(columns)
  return (column) => {
    if ('label' in column) return column.label
    const number = all.indexOf(column.expression)
    return all.length === 1 ? 'Value' : `Value #${String.fromCharCode(65 + number)}`
  }
}

function properties(language: Language, column: Column): DynamicConfigValue[] {
  const { unit, colored, link, mappings = [] } = column
  const decimals = unit === 'percentunit' ? 2 : column.decimals
  const all = 'label' in column ? mappings : [...mappings, noValue(language)]
  const list: DynamicConfigValue[] = [{ id: 'mappings', value: all }]
  if (unit) list.push({ id: 'unit', value: unit })
  if (decimals !== undefined) list.push({ id: 'decimals', value: decimals })
  if (link) list.push({ id: 'links', value: [cellLink(language, link)] })
  if (colored) {
    const type = TableCellDisplayMode.ColorBackground
    list.push({ id: 'custom.cellOptions', value: { type, mode: 'basic' } })
    list.push({ id: 'color', value: fixedColor(colors.plain).build() })
  }
  return list
}
