import { Worker } from 'node:worker_threads'
import { collectorLimits } from '../limits.ts'
import {
  type ExportFailure,
  type ExportOrder,
  failureOf,
  type MadeArchive,
  makeArchive,
} from './make-archive.ts'

/** What is told of an export while it is made, and at its end. */
export type ExportNews =
  | { readonly done: number; readonly all: number }
  | { readonly made: MadeArchive }
  | { readonly failure: ExportFailure; readonly error: Error }

/** Begins an export; the last news is what became of it. What it gives back gives it up. */
export type StartExport = (
  order: ExportOrder,
  onNews: (news: ExportNews) => void,
) => () => Promise<unknown>

/**
 * On a thread of its own, so that neither acknowledgements nor figures wait for it, and one that
 * takes too much memory ends alone.
 */
export const exportThread: StartExport = (order, onNews) => {
  const worker = new Worker(new URL('./export-worker.ts', import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: collectorLimits.exportHeapMibMax },
  })
  worker.on('message', onNews)
  worker.on('error', (error: Error) => onNews({ failure: failureOf(error), error }))
  return () => worker.terminate()
}

/** In this thread, for tests: a thread takes longer to load than a small export. */
export const exportHere: StartExport = (order, onNews) => {
  const ended = makeArchive(order, (done, all) => onNews({ done, all })).then(
    (made) => onNews({ made }),
    (error: Error) => onNews({ failure: failureOf(error), error }),
  )
  return () => ended
}
