import { parentPort, workerData } from 'node:worker_threads'
import type { Views } from '../http/views.ts'
import { StoreFailure } from '../store/failure.ts'
import { sqliteReader } from '../store/sqlite/sqlite.ts'
import { Evaluator } from './evaluator.ts'
import { lostSummary, lostTime } from './lost.ts'
import type { Answer, Question, WorkerSettings } from './thread.ts'

/** The evaluating thread: answers one question at a time, in order, on a read-only connection. */

const { file, engine, simulated } = workerData as WorkerSettings
const reader = sqliteReader(file)
const evaluator = new Evaluator({ reader, engine, simulated })
const port = parentPort!
let last: Promise<unknown> = Promise.resolve()

port.on('message', (question: Question) => {
  last = last.then(() => answer(question))
})

async function answer({ id, ask, args }: Question): Promise<void> {
  try {
    const value = await run(ask, args)
    // Handed over and not copied: in a large nation it is as large as all else together.
    const moved = ask === 'kpiPage' ? (value as ReturnType<Evaluator['kpiPage']>) : []
    port.postMessage(
      { id, value } satisfies Answer,
      moved.map(({ buffer }) => buffer),
    )
  } catch (error) {
    // Damaged data end the thread, and with it the process.
    if (error instanceof StoreFailure && error.lasting) throw error
    port.postMessage({ id, error: error as Error } satisfies Answer)
  }
}

function run(ask: Question['ask'], args: readonly never[]): unknown {
  switch (ask) {
    case 'evaluate':
      return evaluator.evaluate(...(args as unknown as Parameters<Evaluator['evaluate']>))
    case 'checks':
      return evaluator.checks(...(args as unknown as Parameters<Evaluator['checks']>))
    case 'kpiPage':
      return evaluator.kpiPage()
    case 'environmentStrip':
      return evaluator.environmentStrip(
        ...(args as unknown as Parameters<Evaluator['environmentStrip']>),
      )
    case 'checkStrip':
      return evaluator.checkStrip(...(args as unknown as Parameters<Evaluator['checkStrip']>))
    case 'lost':
      return lost(...(args as unknown as Parameters<Views['lost']>))
    case 'lostSummary':
      return summary(...(args as unknown as Parameters<Views['lostSummary']>))
    case 'close':
      return reader.close()
  }
}

async function lost(...[institution, environment, asked]: Parameters<Views['lost']>) {
  const basis = evaluator.lostBasis
  return basis && lostTime(basis, reader, { institution, environment }, asked)
}

function summary(...asked: Parameters<Views['lostSummary']>) {
  const basis = evaluator.lostBasis
  return basis && lostSummary(basis, ...asked)
}
