import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { agentStatusTexts, placeTexts } from '../../collector/web/texts/places.ts'
import { framed, stat, timeseries, withCurves, withValues } from '../panel.ts'
import { nation } from '../queries.ts'
import { texts } from '../texts.ts'
import { colors, fixedColor } from '../words.ts'
import { agentCounts, contested, waiting, withStatus } from './queries.ts'
import { agentTexts, agentPanelTexts as panels } from './texts.ts'

/** How many agents there are and are heard, and what they still hold. */
export function agentSummary(language: Language): Builder<Panel>[] {
  const heard = placeTexts.heard[language]
  const silent = placeTexts.silent[language]
  const colored = [
    [heard, colors.good],
    [silent, colors.bad],
  ] as const
  const overTime = timeseries('none')
  for (const [name, color] of colored) {
    overTime.overrideByName(name, [{ id: 'color', value: fixedColor(color).build() }])
  }
  return [
    framed(
      language,
      { id: 1, text: panels.reporting, width: 6, height: 4 },
      withValues(stat(language, 'none').orientation(VizOrientation.Vertical), [
        [placeTexts.isReporting[language], nation.reporting],
        [texts.ofTargets[language], nation.targets],
      ]),
    ),
    framed(
      language,
      { id: 2, text: panels.summary, width: 18, height: 4 },
      withValues(stat(language, 'none').orientation(VizOrientation.Vertical), [
        [agentTexts.all[language], agentCounts.all],
        [heard, agentCounts.heard],
        [silent, agentCounts.silent],
        [agentStatusTexts.pending[language], withStatus('pending')],
        [agentStatusTexts.quarantined[language], withStatus('quarantined')],
        [agentStatusTexts.revoked[language], withStatus('revoked')],
        [agentTexts.contested[language], contested],
      ]),
    ),
    framed(
      language,
      { id: 3, text: panels.silentOverTime, width: 12, height: 8 },
      withCurves(overTime, [
        [heard, agentCounts.heard],
        [silent, agentCounts.silent],
      ]),
    ),
    framed(
      language,
      { id: 4, text: panels.waiting, width: 12, height: 8 },
      withCurves(timeseries('none'), [[`{{name_${language}}}`, waiting(language)]]),
    ),
  ]
}
