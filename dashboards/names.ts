import type { Language } from '../collector/web/language.ts'
import { job } from './queries.ts'

/** What has names of its own on an `_info` series, and the label that holds its id. */
const infos = {
  institution: 'istimrar_institution_info',
  level: 'istimrar_readiness_level_info',
  dimension: 'istimrar_readiness_dimension_info',
  indicator: 'istimrar_readiness_indicator_info',
  criterion: 'istimrar_enabled_criterion_info',
} as const
type Named = keyof typeof infos

/**
 * Puts the name of something beside its id, in the language of the dashboard; of more than one
 * thing as `<thing>_name`. Other labels are dropped, so that a table can merge its columns.
 */
export function named(language: Language, expression: string, ...things: Named[]): string {
  const labels = things.flatMap((thing) => [thing, `${thing}_name`]).join(', ')
  const joined = things.reduce(
    (value, thing) =>
      `${value} * on (instance, ${thing}) group_left (${thing}_name) ${info(thing)}`,
    expression,
  )
  return `max by (${labels}) (${joined})`

  function info(thing: Named): string {
    const names = `${infos[thing]}{${job}}`
    return `label_replace(${names}, "${thing}_name", "$1", "name_${language}", "(.*)")`
  }
}
