import { parentPort, workerData } from 'node:worker_threads'
import { type ExportOrder, failureOf, makeArchive } from './make-archive.ts'
import type { ExportNews } from './start-export.ts'

/** The thread that makes one export and ends. */
const tell = (news: ExportNews) => parentPort!.postMessage(news)

try {
  const made = await makeArchive(workerData as ExportOrder, (done, all) => tell({ done, all }))
  tell({ made })
} catch (error) {
  tell({ failure: failureOf(error), error: error as Error })
}
