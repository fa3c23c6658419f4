import { minuteMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { LostAnswer, LostRow } from '../http/views.ts'
import { windowNames } from '../kpi/snapshot.ts'
import { ask } from './admin.ts'
import { type Command, text, type Values } from './command.ts'
import { idOf, timeOf } from './operands.ts'
import { instant, tableOf } from './table.ts'

const heads = ['FROM', 'TO', 'MINUTES', 'STATE', 'CAUSE', 'WHO MUST ACT', 'STANDING', 'EVIDENCE']

/** Where the time of an environment went, stretch by stretch. */
export const lost: Command = {
  about: 'List the lost time of an environment with causes and evidence.',
  details: `Without --window, --from and --to: the running cycle. EVIDENCE names batches by epoch
and number; time in brackets left the denominator, or a dispute turned it into up.`,
  options: {
    institution: { type: 'string', value: 'ID', about: 'whose' },
    environment: { type: 'string', value: 'ID', about: 'of which environment' },
    window: { type: 'string', value: 'NAME', about: windowNames.join(', ') },
    from: { type: 'string', value: 'TIME', about: 'start, e.g. 2027-01-03T22:00+04:00' },
    to: { type: 'string', value: 'TIME', about: 'end, not included' },
  },
  run: async (context, values) => {
    const place = `${idOf(values, 'institution')}/environments/${idOf(values, 'environment')}`
    const query = queryOf(values)
    let after: number | null = null
    const rows: string[][] = []
    let answer: LostAnswer
    do {
      const page: string = after === null ? '' : `&after=${after}`
      const url = `/api/v1/institutions/${place}/lost?limit=1000${query}${page}`
      answer = await ask<LostAnswer>(context, url)
      rows.push(...answer.stretches.map(rowOf))
      after = answer.next
    } while (after !== null)
    const { count, longestMs, p90Ms } = answer.outages
    const { from, to } = answer.window
    context.out(`From ${instant(from)} to ${instant(to)}: ${count} outages, longest \
${minutes(longestMs)} minutes, p90 ${minutes(p90Ms)} minutes.\n${tableOf(heads, rows)}`)
    return 0
  },
}

function queryOf(values: Values): string {
  const window = text(values, 'window')
  if (window !== undefined) {
    if (windowNames.some((name) => name === window)) return `&window=${window}`
    throw new AppError('configuration', `--window must be one of ${windowNames.join(', ')}.`)
  }
  const hasSpan = text(values, 'from') !== undefined || text(values, 'to') !== undefined
  return hasSpan ? `&from=${timeOf(values, 'from')}&to=${timeOf(values, 'to')}` : ''
}

function minutes(ms: number | null): string {
  return ms === null ? '-' : (ms / minuteMs).toFixed(1)
}

function rowOf(row: LostRow): string[] {
  const { from, to, state, cause, owner, standing, relief } = row
  const batches = row.messages.flatMap(({ covering, before, after }) =>
    covering.length > 0 ? covering : [before, after].filter((each) => each !== null),
  )
  const named = batches.slice(0, 3).map(({ epoch, seq }) => `${epoch}.${seq}`)
  const more = batches.length > named.length ? ' …' : ''
  const told = relief === null ? state : `(${state}: ${relief})`
  const evidence = `${named.join(' ')}${more}`
  return [
    ...[instant(from), instant(to), minutes(to - from), told],
    ...[cause ?? '-', owner, standing, evidence],
  ]
}
