import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { checkTexts } from '../../collector/web/texts/checks.ts'
import { figureTexts, headlineTexts } from '../../collector/web/texts/figures.ts'
import { migrationTexts } from '../../collector/web/texts/migration.ts'
import { placeTexts } from '../../collector/web/texts/places.ts'
import { framed } from '../panel.ts'
import { attention, institutions, nation, type ShownBound } from '../queries.ts'
import { type Column, table } from '../table.ts'
import { panelTexts, texts } from '../texts.ts'
import { criticalityWords, stateWords, verdictWords, words } from '../words.ts'
import { lateInstitutions } from './queries.ts'
import { nationalPanelTexts } from './texts.ts'

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

/** Every institution and every governorate, lowest proven share first. */
export function leagues(language: Language): Builder<Panel>[] {
  return [
    framed(
      language,
      { id: 101, text: panelTexts.institutions, width: 24, height: 14 },
      league(language, 'institution'),
    ),
    framed(
      language,
      { id: 102, text: panelTexts.governorates, width: 24, height: 10 },
      league(language, 'governorate'),
    ),
  ]
}

function league(language: Language, kind: 'institution' | 'governorate') {
  const queries = institutions(language, kind)
  return table(
    language,
    [
      { title: placeTexts.name, label: `name_${language}`, link: toInstitution },
      ...bounds(queries.figure),
      { title: figureTexts.coverage, unit: 'percentunit', expression: queries.coverage },
      {
        title: figureTexts.verdict,
        expression: queries.verdict,
        mappings: [verdictWords(language)],
        colored: true,
      },
      { title: placeTexts.lastHeard, unit: 'dateTimeFromNow', expression: queries.lastReport },
      { title: texts.institutionId, label: 'institution' },
    ],
    low,
  )
}

/** Who is not heard, the longest first, and who is behind the roadmap. */
export function lateList(language: Language): Builder<Panel>[] {
  const { notReporting, withLateWorkloads } = lateInstitutions(language)
  const institution = {
    title: texts.institution,
    label: 'institution_name',
    link: toInstitution,
  }
  const id = { title: texts.institutionId, label: 'institution' }
  const lastHeard = { title: placeTexts.lastHeard, unit: 'dateTimeAsIso', expression: notReporting }
  const workloads = { title: migrationTexts.late, expression: withLateWorkloads }
  return [
    framed(
      language,
      { id: 203, text: nationalPanelTexts.notReporting, width: 12, height: 9 },
      table(language, [institution, lastHeard, id], lastHeard),
    ),
    framed(
      language,
      { id: 204, text: nationalPanelTexts.lateMigration, width: 12, height: 9 },
      table(language, [institution, workloads, id], workloads, 'largest first'),
    ),
  ]
}

/** What is not up, and which agents are not heard: the longest first. */
export function needingAttention(language: Language): Builder<Panel>[] {
  const queries = attention(language)
  const names = [
    { title: texts.institution, label: 'institution_name', link: toInstitution },
    { title: placeTexts.environment, label: 'environment_name', link: toEnvironment },
  ]
  const ids = [
    { title: texts.id, label: 'environment' },
    { title: texts.institutionId, label: 'institution' },
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
          {
            title: placeTexts.criticality,
            label: 'criticality',
            mappings: [criticalityWords(language)],
          },
          {
            title: checkTexts.state,
            label: 'state',
            mappings: [stateWords(language)],
            colored: true,
          },
          since,
          ...ids,
        ],
        since,
      ),
    ),
    framed(
      language,
      { id: 202, text: panelTexts.agents, width: 10, height: 10 },
      table(
        language,
        [...names, { title: placeTexts.agent, label: 'name' }, lastHeard, ...ids],
        lastHeard,
      ),
    ),
  ]
}

const toInstitution = { to: 'institution', institution: texts.institutionId } as const
const toEnvironment = {
  to: 'environment',
  institution: texts.institutionId,
  environment: texts.id,
} as const

const low = { title: figureTexts.low }

function bounds(expression: (bound: ShownBound) => string): Column[] {
  const shown = ['low', 'observed', 'high'] as const
  return shown.map((bound) => ({
    title: figureTexts[bound],
    unit: 'percentunit',
    expression: expression(bound),
  }))
}
