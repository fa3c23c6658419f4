import { parentPort, workerData } from 'node:worker_threads'
import { answerQuestions } from './answering.ts'
import type { WorkerSettings } from './thread.ts'

/** The evaluating thread. Damaged data end it, and with it the process. */
answerQuestions(parentPort!, workerData as WorkerSettings, (error) => {
  throw error
})
