import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { answerQuestions } from './answering.ts'
import type { WorkerSettings } from './thread.ts'

/** Garbage that may lie until the next evaluation. Unit: bytes. */
const garbageMax = 4 * 1024 * 1024

/** After an evaluation half of the heap is garbage, and nothing would collect it for a minute. */
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
  onAnswered: collector(),
})
