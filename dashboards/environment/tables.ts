import type { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table'
import type { Language, Text } from '../../collector/web/language.ts'
import { checkTexts } from '../../collector/web/texts/checks.ts'
import { figureTexts as say } from '../../collector/web/texts/figures.ts'
import { lostTexts } from '../../collector/web/texts/lost.ts'
import { placeTexts } from '../../collector/web/texts/places.ts'
import { type BudgetWindow, environments, lostByCause } from '../places.ts'
import { type Column, table } from '../table.ts'
import { texts } from '../texts.ts'
import {
  causeWords,
  colors,
  criticalityWords,
  stateCodeWords,
  stateWords,
  verdictWords,
  yesNoWords,
} from '../words.ts'
import { environmentTexts as own } from './texts.ts'

/** Figures and state of the environments of `places`, one a row, each leading to its dashboard. */
export function environmentTable(
  language: Language,
  places: string,
  sortBy: Pick<Column, 'title'>,
): Table {
  const queries = environments(language, places)
  const share = (title: Column['title'], expression: string) => ({
    title,
    unit: 'percentunit',
    expression,
  })
  return table(
    language,
    [
      {
        title: placeTexts.environment,
        label: 'environment_name',
        link: { to: 'environment', institution: texts.institutionId, environment: texts.id },
      },
      {
        title: placeTexts.criticality,
        label: 'criticality',
        mappings: [criticalityWords(language)],
      },
      {
        title: checkTexts.state,
        expression: queries.state,
        mappings: [stateCodeWords(language)],
        colored: true,
      },
      { title: checkTexts.since, unit: 'dateTimeAsIso', expression: queries.since },
      share(say.low, queries.figure('low')),
      share(say.observed, queries.figure('observed')),
      share(say.high, queries.figure('high')),
      share(say.coverage, queries.coverage),
      {
        title: say.verdict,
        expression: queries.verdict,
        mappings: [verdictWords(language)],
        colored: true,
      },
      share(own.ownFault, queries.ownFault),
      share(own.maintenance, queries.maintenance),
      {
        title: own.profile,
        expression: queries.assessed,
        mappings: [yesNoWords(language, [own.enough], [say.notAssessed, colors.middle])],
      },
      { title: texts.id, label: 'environment' },
      { title: texts.institutionId, label: 'institution' },
    ],
    sortBy,
  )
}

/** Outages of the environments of `places`, and what may still be lost. */
export function outageTable(language: Language, places: string): Table {
  const queries = environments(language, places)
  const least = {
    title: own.budgetLow,
    unit: 'percentunit',
    expression: queries.budgetLeft('low'),
  }
  const longest = (title: Text, window: BudgetWindow) => ({
    title,
    unit: 'dtdurations',
    expression: queries.longestOutage(window),
  })
  return table(
    language,
    [
      { title: placeTexts.environment, label: 'environment_name' },
      {
        title: placeTexts.criticality,
        label: 'criticality',
        mappings: [criticalityWords(language)],
      },
      { title: own.outagesCycle, expression: queries.outages('cycle') },
      longest(own.longestCycle, 'cycle'),
      { title: own.outagesMonth, expression: queries.outages('30d') },
      longest(own.longestMonth, '30d'),
      least,
      { title: own.budgetHigh, unit: 'percentunit', expression: queries.budgetLeft('high') },
      { title: texts.id, label: 'environment' },
      { title: texts.institutionId, label: 'institution' },
    ],
    least,
  )
}

/** Net time lost in the cycle by cause, in the places given. */
export function lostTable(language: Language, places: string): Table {
  const lost = { title: lostTexts.title, unit: 'dtdurations', expression: lostByCause(places) }
  return table(
    language,
    [
      { title: lostTexts.cause, label: 'cause', mappings: [causeWords(language)] },
      {
        title: checkTexts.state,
        label: 'state',
        mappings: [stateWords(language)],
        colored: true,
      },
      lost,
    ],
    { title: lostTexts.cause },
  )
}
