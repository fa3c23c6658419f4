import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  CustomVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../collector/web/language.ts'
import { windowTexts } from '../collector/web/texts/figures.ts'
import { shellTexts } from '../collector/web/texts/shell.ts'
import { collectorHealth } from './national/collector.ts'
import { headline } from './national/headline.ts'
import { byInstitution, needingAttention, readings } from './national/tables.ts'
import { datasource } from './panel.ts'
import { rowTexts, texts } from './texts.ts'

/** The ministry's dashboard in one language; the other differs in nothing but its words. */
export function national(language: Language): Dashboard {
  const dashboard = new DashboardBuilder(texts.national[language])
    .uid(uidOf(language))
    .description(shellTexts.fullName[language])
    .tags(['istimrar', language])
    .readonly()
    .time({ from: 'now-30d', to: 'now' })
    .timezone('browser')
    .weekStart('sunday')
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .annotations([])
    .link(otherLanguage(language))
    .variables(variables(language))
  const rows = [
    { id: 0, title: null, panels: [...headline(language), ...readings(language)] },
    { id: 100, title: rowTexts.institutions, panels: byInstitution(language) },
    { id: 200, title: rowTexts.attention, panels: needingAttention(language) },
    { id: 300, title: rowTexts.collector, panels: collectorHealth(language) },
  ]
  for (const { id, title, panels } of rows) {
    if (title) dashboard.withRow(new RowBuilder(title[language]).id(id))
    for (const panel of panels) dashboard.withPanel(panel)
  }
  return dashboard.build()
}

function uidOf(language: Language): string {
  return `istimrar-national-${language}`
}

/** Leads to the same view in the other language. */
function otherLanguage(language: Language): Builder<DashboardLink> {
  const link = new DashboardLinkBuilder(texts.otherLanguage[language])
    .type(DashboardLinkType.Link)
    .icon('external link')
    .tooltip(texts.otherLanguageHow[language])
    .url(`/d/${uidOf(language === 'ar' ? 'en' : 'ar')}`)
    .keepTime(true)
    .includeVars(true)
    .build()
  // The SDK hides links in a menu unless told otherwise, and has no word for otherwise.
  delete link.placement
  return { build: () => link }
}

function variables(language: Language) {
  const windows = Object.entries(windowTexts).map(([value, text]) => ({
    text: text[language],
    value,
    selected: value === 'cycle',
  }))
  const cycle = { text: windowTexts.cycle[language], value: 'cycle', selected: true }
  return [
    new DatasourceVariableBuilder('datasource')
      .label(texts.datasource[language])
      .type('prometheus'),
    new QueryVariableBuilder('job')
      .label(texts.job[language])
      .datasource(datasource)
      .query('label_values(istimrar_build_info, job)')
      .refresh(VariableRefresh.OnDashboardLoad),
    new CustomVariableBuilder('window')
      .label(texts.window[language])
      .values(windows.map(({ text, value }) => `${text} : ${value}`).join(','))
      .options(windows)
      .allowCustomValue(false)
      .current(cycle),
  ]
}
