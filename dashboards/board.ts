import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language, Text } from '../collector/web/language.ts'
import { linksOf, uidOf } from './links.ts'
import { type BoardName, boardTexts } from './texts.ts'
import { type VariableName, variables } from './variables.ts'

/** A part of a dashboard. `id` is that of its title row and below those of its panels. */
export type Row = {
  readonly id: number
  /** Without one the panels stand at the top, under no heading. */
  readonly title: Text | null
  readonly panels: readonly Builder<Panel>[]
}

/** One dashboard, defined once for all languages: they differ in nothing but their words. */
export type Board = {
  readonly name: BoardName
  /** What the reader chooses beside the data source and the collector. */
  readonly variables: readonly VariableName[]
  readonly rows: (language: Language) => readonly Row[]
}

/** A dashboard in one language, with links to all others. */
export function dashboard(
  language: Language,
  { name, variables: names, rows }: Board,
  all: readonly BoardName[],
): Dashboard {
  const { title, description } = boardTexts[name]
  const made = new DashboardBuilder(title[language])
    .uid(uidOf(name, language))
    .description(description[language])
    .tags(['istimrar', language])
    .readonly()
    .time({ from: 'now-30d', to: 'now' })
    .timezone('browser')
    .weekStart('sunday')
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .annotations([])
    .links(linksOf(language, name, all))
    .variables(variables(language, names))
  for (const { id, title, panels } of rows(language)) {
    if (title) made.withRow(new RowBuilder(title[language]).id(id))
    for (const panel of panels) made.withPanel(panel)
  }
  return made.build()
}
