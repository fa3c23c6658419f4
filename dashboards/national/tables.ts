import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { checkTexts, stateTexts } from '../../collector/web/texts/checks.ts'
import { figureTexts, headlineTexts } from '../../collector/web/texts/figures.ts'
import { criticalityTexts, placeTexts } from '../../collector/web/texts/places.ts'
import { framed } from '../panel.ts'
import { attention, institutions, nation, type ShownBound } from '../queries.ts'
import { type Column, table } from '../table.ts'
import { panelTexts, texts } from '../texts.ts'
import { colors, verdictWords, words } from '../words.ts'

/** The national figure read in other ways, and of institutions and governorates apart. */
export function readings(language: Language): Builder<Panel>[] {
  const ways = words(language, {
    pooled: [headlineTexts.pooled],
    mean: [headlineTexts.mean],
    reporting: [figureTexts.reportingOnly],
  })
  const kinds = words(language, {
    institution: [placeTexts.institutions],
    governorate: [placeTexts.governorates],
  })
  return [
    framed(
      language,
      { id: 9, text: panelTexts.readings, width: 12, height: 6 },
      table(
        language,
        [
          { title: figureTexts.reading, label: 'aggregation', mappings: [ways] },
          ...bounds(nation.byAggregation),
        ],
        low,
      ),
    ),
    framed(
      language,
      { id: 10, text: panelTexts.kinds, width: 12, height: 6 },
      table(
        language,
        [{ title: texts.kind, label: 'kind', mappings: [kinds] }, ...bounds(nation.byKind)],
        low,
      ),
    ),
  ]
}

/** Every institution, lowest proven share first. */
export function byInstitution(language: Language): Builder<Panel>[] {
  const queries = institutions(language)
  return [
    framed(
      language,
      { id: 101, text: panelTexts.institutions, width: 24, height: 14 },
      table(
        language,
        [
          { title: placeTexts.name, label: `name_${language}` },
          ...bounds(queries.figure),
          { title: figureTexts.coverage, unit: 'percentunit', expression: queries.coverage },
          {
            title: figureTexts.verdict,
            expression: queries.verdict,
            mappings: [verdictWords(language)],
            colored: true,
          },
          { title: placeTexts.lastHeard, unit: 'dateTimeFromNow', expression: queries.lastReport },
          { title: texts.id, label: 'institution' },
        ],
        low,
      ),
    ),
  ]
}

/** What is not up, and who is not heard: the longest first. */
export function needingAttention(language: Language): Builder<Panel>[] {
  const queries = attention(language)
  const states = words(language, {
    down: [stateTexts.down, colors.bad],
    unknown: [stateTexts.unknown, colors.unknown],
    degraded: [stateTexts.degraded, colors.middle],
    maintenance: [stateTexts.maintenance, colors.open],
  })
  const criticalities = words(language, {
    critical: [criticalityTexts.critical],
    important: [criticalityTexts.important],
    supporting: [criticalityTexts.supporting],
  })
  const names = [
    { title: texts.institution, label: 'institution_name' },
    { title: placeTexts.environment, label: 'environment_name' },
  ]
  const since = { title: checkTexts.since, unit: 'dateTimeAsIso', expression: queries.environments }
  const lastHeard = {
    title: placeTexts.lastHeard,
    unit: 'dateTimeAsIso',
    expression: queries.agents,
  }
  return [
    framed(
      language,
      { id: 201, text: panelTexts.environments, width: 14, height: 10 },
      table(
        language,
        [
          ...names,
          { title: placeTexts.criticality, label: 'criticality', mappings: [criticalities] },
          { title: checkTexts.state, label: 'state', mappings: [states], colored: true },
          since,
        ],
        since,
      ),
    ),
    framed(
      language,
      { id: 202, text: panelTexts.agents, width: 10, height: 10 },
      table(language, [...names, { title: placeTexts.agent, label: 'name' }, lastHeard], lastHeard),
    ),
  ]
}

const low = { title: figureTexts.low }

function bounds(expression: (bound: ShownBound) => string): Column[] {
  const shown = ['low', 'observed', 'high'] as const
  return shown.map((bound) => ({
    title: figureTexts[bound],
    unit: 'percentunit',
    expression: expression(bound),
  }))
}
