import { LegendDisplayMode, LegendPlacement } from '@grafana/grafana-foundation-sdk/common'
import {
  PanelBuilder as Pie,
  PieChartLabels,
  PieChartLegendOptionsBuilder,
  PieChartLegendValues,
  PieChartType,
} from '@grafana/grafana-foundation-sdk/piechart'
import type { Language, Text } from '../collector/web/language.ts'
import { newest, withValues } from './panel.ts'
import { fixedColor } from './words.ts'

/** Counts as parts of a whole: the name, the colour and the query of each. */
export function shares(
  language: Language,
  parts: readonly (readonly [text: Text, color: string, expression: string])[],
): Pie {
  const panel = new Pie()
    .unit('none')
    .reduceOptions(newest())
    .pieType(PieChartType.Donut)
    .displayLabels([PieChartLabels.Percent])
    .legend(
      new PieChartLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .values([PieChartLegendValues.Value, PieChartLegendValues.Percent]),
    )
  for (const [text, color] of parts) {
    panel.overrideByName(text[language], [{ id: 'color', value: fixedColor(color).build() }])
  }
  return withValues(
    panel,
    parts.map(([text, , expression]) => [text[language], expression] as const),
  )
}
