import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../collector/web/language.ts'
import { windowTexts } from '../collector/web/texts/figures.ts'
import { datasource } from './panel.ts'
import { job } from './queries.ts'
import { texts } from './texts.ts'

/**
 * What a reader may choose. `institution` is one of them, `anyInstitution` the same with all of
 * them at first; `environment` is of the chosen institution, all of them at first.
 */
export type VariableName = 'window' | 'institution' | 'anyInstitution' | 'environment'

/**
 * The data source and the collector, and what else the dashboard lets the reader choose. Where that
 * is not the window it is there unseen, so that a way through the dashboard does not lose it.
 */
export function variables(
  language: Language,
  names: readonly VariableName[],
): Builder<VariableModel>[] {
  const made: Record<VariableName, () => Builder<VariableModel>> = {
    window: () => window(language),
    institution: () => place(language, 'institution', `{${job}}`),
    anyInstitution: () => withAll(language, place(language, 'institution', `{${job}}`)),
    environment: () =>
      withAll(language, place(language, 'environment', `{${job},institution=~"$institution"}`)),
  }
  return [
    new DatasourceVariableBuilder('datasource')
      .label(texts.datasource[language])
      .type('prometheus'),
    query(language, 'job').query('label_values(istimrar_build_info, job)'),
    ...names.map((name) => made[name]()),
    ...(names.includes('window') ? [] : [window(language).hide(VariableHide.HideVariable)]),
  ]
}

/** Shows the names of the language and holds the ids, which no name can change. */
function place(language: Language, what: 'institution' | 'environment', selector: string) {
  return query(language, what)
    .query(`query_result(istimrar_${what}_info${selector})`)
    .regex(`/\\b${what}="(?<value>.*?)"[,}].*\\bname_${language}="(?<text>.*?)"[,}]/`)
    .sort(VariableSort.AlphabeticalAsc)
}

function withAll(language: Language, variable: QueryVariableBuilder): QueryVariableBuilder {
  return variable
    .includeAll(true)
    .allValue('.+')
    .current({ text: texts.all[language], value: '$__all', selected: true })
}

function query(
  language: Language,
  name: 'job' | 'institution' | 'environment',
): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(texts[name][language])
    .datasource(datasource)
    .refresh(VariableRefresh.OnTimeRangeChanged)
}

function window(language: Language): CustomVariableBuilder {
  const windows = Object.entries(windowTexts).map(([value, text]) => ({
    text: text[language],
    value,
    selected: value === 'cycle',
  }))
  const cycle = { text: windowTexts.cycle[language], value: 'cycle', selected: true }
  return (
    new CustomVariableBuilder('window')
      .label(texts.window[language])
      .values(windows.map(({ text, value }) => `${text} : ${value}`).join(','))
      .options(windows)
      // So that a reader can type the id of a frozen cycle, which is a window of its own.
      .allowCustomValue(true)
      .current(cycle)
  )
}
