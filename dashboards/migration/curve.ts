import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as Trend } from '@grafana/grafana-foundation-sdk/trend'
import type { Language, Text } from '../../collector/web/language.ts'
import { migrationTexts } from '../../collector/web/texts/migration.ts'
import { query } from '../panel.ts'
import { type CurveLine, curveLines, nationMigration } from './queries.ts'

const lineTexts: Readonly<Record<CurveLine, Text>> = {
  planned: migrationTexts.plannedLine,
  rebaselined: migrationTexts.rebaselined,
  done: migrationTexts.actualLine,
  earned: migrationTexts.earned,
  forecast: migrationTexts.forecastLine,
}

/** Lines that are no facts, or not the headline, are broken. */
const dashes: Readonly<Partial<Record<CurveLine, readonly number[]>>> = {
  rebaselined: [2, 6],
  earned: [4, 4],
  forecast: [10, 8],
}

/**
 * The S-curve. Its days are labels of the newest values and reach into the future, where no
 * dashboard's time does: days become the numbers along which a trend is drawn.
 */
export function sCurve(language: Language): Trend {
  const day = migrationTexts.instant[language]
  const panel = new Trend()
    .unit('percentunit')
    .decimals(2)
    .min(0)
    .max(1)
    .xField(day)
    .lineWidth(2)
    .fillOpacity(0)
    .spanNulls(true)
    .overrideByName(day, [{ id: 'unit', value: 'time:YYYY-MM-DD' }])
  const renames: Record<string, string> = { day }
  curveLines.forEach((line, index) => {
    const title = lineTexts[line][language]
    renames[`Value #${String.fromCharCode(65 + index)}`] = title
    const dash = dashes[line]
    if (dash) {
      panel.overrideByName(title, [{ id: 'custom.lineStyle', value: { fill: 'dash', dash } }])
    }
    const asked = query(index, nationMigration.curve(line)).format(PromQueryFormat.Table).instant()
    panel.withTarget(asked)
  })
  const convert = (destinationType: string, more = {}) => ({
    id: 'convertFieldType',
    options: { conversions: [{ targetField: day, destinationType, ...more }], fields: {} },
  })
  return panel
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: { excludeByName: { Time: true }, renameByName: renames },
    })
    .withTransformation({
      id: 'sortBy',
      options: { fields: {}, sort: [{ field: day, desc: false }] },
    })
    .withTransformation(convert('time', { dateFormat: 'YYYY-MM-DD' }))
    .withTransformation(convert('number'))
}
