import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { figureTexts } from '../../collector/web/texts/figures.ts'
import { placeTexts } from '../../collector/web/texts/places.ts'
import { environmentTexts } from '../environment/texts.ts'
import { framed, timeseries, withCurves } from '../panel.ts'
import { table } from '../table.ts'
import { texts } from '../texts.ts'
import { colors, yesNoWords } from '../words.ts'
import { assessed, coverage, messages, refusals } from './queries.ts'
import { agentTexts, agentPanelTexts as panels } from './texts.ts'

/** How complete the evidence is, and what arrives. */
export function evidence(language: Language): Builder<Panel>[] {
  return [...completeness(language), ...arrivals(language)]
}

function completeness(language: Language): Builder<Panel>[] {
  const share = {
    title: figureTexts.coverage,
    unit: 'percentunit',
    expression: coverage(language),
  }
  const profile = {
    title: environmentTexts.profile,
    expression: assessed(language),
    mappings: [
      yesNoWords(language, [environmentTexts.enough], [figureTexts.notAssessed, colors.middle]),
    ],
    colored: true,
  }
  const toInstitution = { to: 'institution', institution: texts.institutionId } as const
  const institutionId = { title: texts.institutionId, label: 'institution' }
  return [
    framed(
      language,
      { id: 201, text: panels.coverage, width: 12, height: 10 },
      table(
        language,
        [
          { title: texts.institution, label: `name_${language}`, link: toInstitution },
          share,
          institutionId,
        ],
        share,
      ),
    ),
    framed(
      language,
      { id: 202, text: panels.profile, width: 12, height: 10 },
      table(
        language,
        [
          { title: texts.institution, label: 'institution_name', link: toInstitution },
          { title: placeTexts.environment, label: 'environment_name' },
          profile,
          { title: texts.id, label: 'environment' },
          institutionId,
        ],
        profile,
      ),
    ),
  ]
}

function arrivals(language: Language): Builder<Panel>[] {
  const types = ['batch', 'gap', 'rotation', 'heartbeat'] as const
  const curves = (result: 'stored' | 'duplicate') =>
    types.map((type) => [agentTexts[type][language], messages(type, result)] as const)
  return [
    framed(
      language,
      { id: 203, text: panels.messages, width: 8, height: 8 },
      withCurves(timeseries('cps'), curves('stored')),
    ),
    framed(
      language,
      { id: 204, text: panels.duplicates, width: 8, height: 8 },
      withCurves(timeseries('cps'), curves('duplicate')),
    ),
    framed(
      language,
      { id: 205, text: panels.refusals, width: 8, height: 8 },
      withCurves(timeseries('cps'), [['{{code}}', refusals]]),
    ),
  ]
}
