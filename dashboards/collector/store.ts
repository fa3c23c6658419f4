import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { framed, stat, timeseries, withCurves, withValues } from '../panel.ts'
import { table } from '../table.ts'
import { internals } from './queries.ts'
import { collectorWords as say, collectorPanelTexts as texts } from './texts.ts'

/** Whether what was acknowledged is safe: backup, room, failures and the evidence logs. */
export function store(language: Language): Builder<Panel>[] {
  return [
    framed(
      language,
      { id: 401, text: texts.backup, width: 6, height: 8 },
      withValues(stat(language, 'dateTimeFromNow'), [
        [texts.backup.title[language], internals.backup],
      ]),
    ),
    framed(
      language,
      { id: 402, text: texts.sizes, width: 9, height: 8 },
      withCurves(timeseries('bytes'), [
        [say.database[language], internals.databaseBytes],
        [say.wal[language], internals.walBytes],
      ]),
    ),
    framed(
      language,
      { id: 403, text: texts.disk, width: 9, height: 8 },
      withCurves(timeseries('bytes').min(0), [
        [say.diskFree[language], internals.diskFreeBytes],
        [say.disk[language], internals.diskBytes],
      ]),
    ),
    framed(
      language,
      { id: 404, text: texts.failures, width: 6, height: 9 },
      withCurves(timeseries('none'), [
        [say.passing[language], internals.failuresOf('passing')],
        [say.lasting[language], internals.failuresOf('lasting')],
      ]),
    ),
    framed(
      language,
      { id: 405, text: texts.waiting, width: 6, height: 9 },
      withCurves(timeseries('none'), [[texts.waiting.title[language], internals.waiting]]),
    ),
    logs(language),
  ]
}

function logs(language: Language): Builder<Panel> {
  const signedAt = { title: say.signedAt, unit: 'dateTimeAsIso', expression: internals.signedAt }
  return framed(
    language,
    { id: 406, text: texts.logs, width: 12, height: 9 },
    table(
      language,
      [
        { title: say.log, label: 'log' },
        { title: say.leaves, expression: internals.leaves },
        { title: say.signedLeaves, expression: internals.signedLeaves },
        signedAt,
      ],
      signedAt,
    ),
  )
}
