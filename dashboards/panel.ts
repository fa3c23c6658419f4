import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  BigValueColorMode,
  BigValueGraphMode,
  type DataSourceRef,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type { Panel, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as Timeseries } from '@grafana/grafana-foundation-sdk/timeseries'
import type { Language } from '../collector/web/language.ts'
import type { PanelText } from './texts.ts'
import { colors, fixedColor, noValue } from './words.ts'

/** What every panel has; the SDK's panel builders share no type of their own. */
type AnyPanel = Builder<Panel> & {
  id(id: number): AnyPanel
  title(title: string): AnyPanel
  description(description: string): AnyPanel
  datasource(reference: DataSourceRef): AnyPanel
  span(width: number): AnyPanel
  height(height: number): AnyPanel
  withTarget(target: Builder<Dataquery>): AnyPanel
}

/** Reference to the data source that the reader chose. */
export const datasource: DataSourceRef = { type: 'prometheus', uid: '$datasource' }

/** Place and texts of a panel. `id` stands in people's links and never changes its panel. */
export type Frame = {
  readonly id: number
  readonly text: PanelText
  readonly width: number
  readonly height: number
}

/** Puts a panel into its frame. */
export function framed<P extends AnyPanel>(language: Language, frame: Frame, panel: P): P {
  const { id, text, width, height } = frame
  panel
    .id(id)
    .title(text.title[language])
    .description(text.description[language])
    .datasource(datasource)
    .span(width)
    .height(height)
  return panel
}

/** Expressions by the name that stands at their values. */
export type Named = readonly (readonly [legend: string, expression: string])[]

/** Adds queries for the newest value only. */
export function withValues<P extends AnyPanel>(panel: P, queries: Named): P {
  queries.forEach(([legend, expression], index) => {
    panel.withTarget(query(index, expression).legendFormat(legend).instant())
  })
  return panel
}

/** Adds queries over the time shown. */
export function withCurves<P extends AnyPanel>(panel: P, queries: Named): P {
  queries.forEach(([legend, expression], index) => {
    panel.withTarget(query(index, expression).legendFormat(legend).range())
  })
  return panel
}

/** A query of a panel; they are lettered in their order. */
export function query(index: number, expression: string): DataqueryBuilder {
  const refId = String.fromCharCode(65 + index)
  return new DataqueryBuilder().datasource(datasource).refId(refId).expr(expression)
}

/** Big numbers, or words by way of `mappings`. Colour comes from the words only. */
export function stat(language: Language, unit: string, mappings: ValueMapping[] = []): Stat {
  return new Stat()
    .unit(unit)
    .decimals(unit === 'percentunit' ? 2 : 0)
    .mappings([...mappings, noValue(language)])
    .colorScheme(fixedColor(colors.plain))
    .colorMode(mappings.length > 0 ? BigValueColorMode.BackgroundSolid : BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(newest())
}

/** Shows the newest value. */
export function newest(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(['lastNotNull'])
}

/** Curves over time. */
export function timeseries(unit: string): Timeseries {
  return new Timeseries().unit(unit).fillOpacity(0).lineWidth(2).spanNulls(false)
}
