import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { answerQuestions } from './answering.ts'
import type { WorkerSettings } from './thread.ts'

/** Garbage that may lie there. Unit: bytes. */
const garbageMax = 4 * 1024 * 1024

/**
 * Evaluating makes garbage faster than V8 collects it: it would be half of the heap, and then lie
 * there for a minute.
 */
function collector(): () => void {
  const used = () => getHeapStatistics().used_heap_size
  let usedLast = 0
  return () => {
    if (!globalThis.gc || used() - usedLast < garbageMax) return
    globalThis.gc()
    usedLast = used()
  }
}

/** The evaluating thread. Damaged data end it, and with it the process. */
answerQuestions(parentPort!, workerData as WorkerSettings, {
  onDamage: (error) => {
    throw error
  },
  onPause: collector(),
})
