import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { checkTexts } from '../../collector/web/texts/checks.ts'
import { placeTexts } from '../../collector/web/texts/places.ts'
import { framed } from '../panel.ts'
import { table } from '../table.ts'
import { texts } from '../texts.ts'
import { agentStatusWords, colors, words, yesNoWords } from '../words.ts'
import { agentRows, clockClasses, versions } from './queries.ts'
import { agentTexts, agentPanelTexts as panels } from './texts.ts'

/** Every agent, their versions, and how well their clocks are known. */
export function agentTables(language: Language): Builder<Panel>[] {
  const classes = words(language, {
    A: [agentTexts.clockA, colors.good],
    B: [agentTexts.clockB, colors.middle],
    C: [agentTexts.clockC, colors.unknown],
  })
  const counted = (expression: string) => ({ title: agentTexts.count, expression })
  return [
    framed(language, { id: 101, text: panels.agents, width: 24, height: 12 }, everyAgent(language)),
    framed(
      language,
      { id: 102, text: panels.versions, width: 12, height: 7 },
      table(language, [{ title: placeTexts.version, label: 'version' }, counted(versions)], {
        title: placeTexts.version,
      }),
    ),
    framed(
      language,
      { id: 103, text: panels.clocks, width: 12, height: 7 },
      table(
        language,
        [
          { title: agentTexts.clock, label: 'class', mappings: [classes], colored: true },
          counted(clockClasses),
        ],
        { title: agentTexts.clock },
      ),
    ),
  ]
}

function everyAgent(language: Language) {
  const rows = agentRows(language)
  const lastHeard = {
    title: placeTexts.lastHeard,
    unit: 'dateTimeFromNow',
    expression: rows.lastReport,
  }
  const silence = yesNoWords(
    language,
    [placeTexts.silent, colors.bad],
    [placeTexts.heard, colors.good],
  )
  return table(
    language,
    [
      {
        title: texts.institution,
        label: 'institution_name',
        link: { to: 'institution', institution: texts.institutionId },
      },
      {
        title: placeTexts.environment,
        label: 'environment_name',
        link: { to: 'environment', institution: texts.institutionId, environment: texts.id },
      },
      { title: placeTexts.agent, label: 'name' },
      { title: placeTexts.version, label: 'version' },
      {
        title: texts.status,
        label: 'status',
        mappings: [agentStatusWords(language)],
        colored: true,
      },
      { title: checkTexts.state, expression: rows.silent, mappings: [silence], colored: true },
      lastHeard,
      { title: placeTexts.waiting, expression: rows.spooled },
      { title: agentTexts.agentId, label: 'agent' },
      { title: texts.id, label: 'environment' },
      { title: texts.institutionId, label: 'institution' },
    ],
    lastHeard,
  )
}
