import type { CollectorOptions } from '../collector.ts'
import type { Views } from '../http/views.ts'
import { dataFiles } from '../operations/data-files.ts'
import { ExportJobs, type ExportJobsOptions } from './export-jobs.ts'
import { exportThread } from './start-export.ts'

/** The exports of a collector, in its data directory. */
export function openExports(
  { config, now, logger, startExport = exportThread }: CollectorOptions,
  {
    file,
    access,
    views,
    timer,
  }: Pick<ExportJobsOptions, 'access' | 'timer'> & {
    readonly file: string
    readonly views: Pick<Views, 'snapshot'>
  },
): ExportJobs {
  const { exports: folder, logKey } = dataFiles(config.dataDir)
  const isInstitution = (id: string) =>
    views.snapshot()?.institutions.some((each) => each.id === id) ?? false
  return new ExportJobs({
    ...{ folder, logKey, now, timer, access, isInstitution },
    database: file,
    simulated: config.simulated,
    start: startExport,
    onError: (error) => logger.error({ err: error }, 'export failed'),
  })
}
