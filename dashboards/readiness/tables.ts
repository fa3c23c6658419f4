import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { figureTexts as say } from '../../collector/web/texts/figures.ts'
import { readinessTexts } from '../../collector/web/texts/readiness.ts'
import { enabledTexts } from '../../collector/web/texts/readiness-words.ts'
import { framed } from '../panel.ts'
import type { ShownBound } from '../queries.ts'
import { type Column, table } from '../table.ts'
import { texts as common } from '../texts.ts'
import { colors, verdictWords, words } from '../words.ts'
import { enabledCodes, institutionsReadiness, modelRows } from './queries.ts'
import { readinessWords, readinessPanelTexts as texts } from './texts.ts'

const share = { unit: 'percentunit' }
const link = { to: 'institution', institution: common.institutionId } as const
const institution = { title: common.institution, label: 'institution_name', link }
const id = { title: common.institutionId, label: 'institution' }

/** Gates, the one that holds the most first. */
export function holdsDown(language: Language): Builder<Panel>[] {
  const { gates } = modelRows(language)
  const fired = { title: readinessTexts.gateFired, expression: gates('fired') }
  return [
    framed(
      language,
      { id: 201, text: texts.gates, width: 24, height: 8 },
      table(
        language,
        [
          { title: readinessTexts.indicator, label: 'indicator_name' },
          fired,
          { title: readinessTexts.gatePossible, expression: gates('not_ruled_out') },
          { title: common.id, label: 'indicator' },
        ],
        fired,
        'largest first',
      ),
    ),
  ]
}

/** Every chosen institution, lowest proven index first, and its dimensions. */
export function readinessByInstitution(language: Language): Builder<Panel>[] {
  const queries = institutionsReadiness(language)
  const enabled = words(language, {
    [enabledCodes.enabled]: [enabledTexts.enabled, colors.good],
    [enabledCodes.not_enabled]: [enabledTexts.not_enabled, colors.bad],
    [enabledCodes.unknown]: [enabledTexts.unknown, colors.middle],
  })
  return [
    framed(
      language,
      { id: 301, text: texts.institutions, width: 24, height: 13 },
      table(
        language,
        [
          institution,
          ...boundColumns(queries.figure),
          {
            title: say.verdict,
            expression: queries.verdict,
            mappings: [verdictWords(language)],
            colored: true,
          },
          { title: readinessTexts.measured, ...share, expression: queries.measured },
          { title: readinessWords.fired, expression: queries.gates('fired') },
          { title: readinessWords.notRuledOut, expression: queries.gates('not_ruled_out') },
          {
            title: readinessTexts.enabledOf,
            expression: queries.enabled,
            mappings: [enabled],
            colored: true,
          },
          id,
        ],
        { title: say.low },
      ),
    ),
    ...partsByInstitution(language),
  ]
}

/** The level and the dimensions of every chosen institution. */
function partsByInstitution(language: Language): Builder<Panel>[] {
  const queries = institutionsReadiness(language)
  return [
    framed(
      language,
      { id: 303, text: texts.institutionLevels, width: 24, height: 10 },
      table(
        language,
        [
          institution,
          {
            title: readinessTexts.level,
            label: 'level_name',
            mappings: [words(language, { being_set_up: [say.beingSetUp, colors.open] })],
          },
          { title: say.low, ...share, expression: queries.levels },
          id,
          { title: readinessWords.levelId, label: 'level' },
        ],
        { title: say.low },
      ),
    ),
    framed(
      language,
      { id: 302, text: texts.institutionDimensions, width: 24, height: 12 },
      table(
        language,
        [
          institution,
          { title: readinessTexts.dimension, label: 'dimension_name' },
          { title: say.low, ...share, expression: queries.dimension('low') },
          { title: say.high, ...share, expression: queries.dimension('high') },
          id,
          { title: readinessWords.dimensionId, label: 'dimension' },
        ],
        { title: say.low },
      ),
    ),
  ]
}

/** A column for each bound. */
export function boundColumns(expression: (bound: ShownBound) => string): Column[] {
  return (['low', 'observed', 'high'] as const).map((bound) => ({
    title: say[bound],
    unit: 'percentunit',
    expression: expression(bound),
  }))
}
