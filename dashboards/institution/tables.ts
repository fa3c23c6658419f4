import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { checkTexts } from '../../collector/web/texts/checks.ts'
import { figureTexts as say } from '../../collector/web/texts/figures.ts'
import { placeTexts } from '../../collector/web/texts/places.ts'
import { environmentTable, lostTable } from '../environment/tables.ts'
import { framed } from '../panel.ts'
import { chosenInstitution } from '../places.ts'
import { attention } from '../queries.ts'
import { table } from '../table.ts'
import { texts } from '../texts.ts'
import { criticalityWords, stateWords } from '../words.ts'
import { institutionPanelTexts as panels } from './texts.ts'

/** Every environment of the institution, and why time was lost there. */
export function institutionEnvironments(language: Language): Builder<Panel>[] {
  return [
    framed(
      language,
      { id: 101, text: panels.environments, width: 24, height: 10 },
      environmentTable(language, chosenInstitution, { title: say.low }),
    ),
    framed(
      language,
      { id: 102, text: panels.lost, width: 24, height: 7 },
      lostTable(language, chosenInstitution),
    ),
  ]
}

/** What is not up in the institution, and which of its agents are not heard. */
export function institutionNow(language: Language): Builder<Panel>[] {
  const queries = attention(language, chosenInstitution)
  const since = { title: checkTexts.since, unit: 'dateTimeAsIso', expression: queries.environments }
  const heard = { title: placeTexts.lastHeard, unit: 'dateTimeAsIso', expression: queries.agents }
  const environment = {
    title: placeTexts.environment,
    label: 'environment_name',
    link: { to: 'environment', institution: texts.institutionId, environment: texts.id } as const,
  }
  const ids = [
    { title: texts.id, label: 'environment' },
    { title: texts.institutionId, label: 'institution' },
  ]
  const criticality = {
    title: placeTexts.criticality,
    label: 'criticality',
    mappings: [criticalityWords(language)],
  }
  const state = { title: checkTexts.state, label: 'state', mappings: [stateWords(language)] }
  return [
    framed(
      language,
      { id: 201, text: panels.notUp, width: 12, height: 9 },
      table(
        language,
        [environment, criticality, { ...state, colored: true }, since, ...ids],
        since,
      ),
    ),
    framed(
      language,
      { id: 202, text: panels.silent, width: 12, height: 9 },
      table(
        language,
        [environment, { title: placeTexts.agent, label: 'name' }, heard, ...ids],
        heard,
      ),
    ),
  ]
}
