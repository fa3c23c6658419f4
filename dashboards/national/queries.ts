import type { Language } from '../../collector/web/language.ts'
import { named } from '../names.ts'
import { job } from '../queries.ts'

/** Institutions that are late, with what they are late by. */
export function lateInstitutions(language: Language) {
  const lastReport = `istimrar_institution_last_report_timestamp_seconds{${job}} * 1000`
  const isTarget = `istimrar_institution_target{${job}} == 1`
  const isSilent = `istimrar_institution_reporting{${job}} == 0`
  const together = 'and on (instance, institution)'
  return {
    /** When each target institution that is not reporting was last heard; NaN: never. */
    notReporting: named(
      language,
      `(${lastReport} ${together} (${isSilent}) ${together} (${isTarget}))`,
      'institution',
    ),
    withLateWorkloads: named(
      language,
      `(istimrar_migration_late_workloads{${job},scope="institution"} > 0)`,
      'institution',
    ),
  } as const
}
