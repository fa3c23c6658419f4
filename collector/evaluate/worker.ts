import { parentPort, workerData } from 'node:worker_threads'
import type { EpochMs, Span } from '../../protocol/time.ts'
import type { Views } from '../http/views.ts'
import { windowFigures } from '../kpi/cycle-figures.ts'
import type { Cycle } from '../kpi/snapshot.ts'
import { StoreFailure } from '../store/failure.ts'
import { sqliteReader, sqliteSnapshot } from '../store/sqlite/sqlite.ts'
import type { Evaluated } from './build-snapshot.ts'
import { Evaluator } from './evaluator.ts'
import { type Frozen, freezeCycle } from './freeze.ts'
import { lostSummary, lostTime } from './lost.ts'
import { newsOf } from './snapshot-news.ts'
import type { Answer, EvaluatedWindow, EvaluationNews, Question, WorkerSettings } from './thread.ts'

/** The evaluating thread: answers one question at a time, in order, on a read-only connection. */

const { file, engine, simulated } = workerData as WorkerSettings
const reader = sqliteReader(file)
const evaluator = new Evaluator({ reader, engine, simulated })
const port = parentPort!
/** What the other thread was told last. */
let told: Evaluated | null = null
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
      return evaluate(...(args as unknown as Parameters<typeof evaluate>))
    case 'window':
      return window(...(args as unknown as Parameters<typeof window>))
    case 'freeze':
      return freeze(...(args as unknown as Parameters<typeof freeze>))
    case 'checks':
      return evaluator.checks(...(args as unknown as Parameters<Evaluator['checks']>))
    case 'kpiPage':
      return evaluator.kpiPage()
    case 'checkSums':
      return evaluator.checkSums(...(args as unknown as Parameters<Evaluator['checkSums']>))
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

async function evaluate(now: EpochMs, accept: boolean): Promise<EvaluationNews | null> {
  const evaluation = await evaluator.evaluate(now, null, accept)
  if (!evaluation) return null
  const { days, cleared, held } = evaluation
  if (held.length > 0) return { days, cleared, held, news: null }
  const evaluated = evaluator.evaluated!
  const news = newsOf(evaluated, told)
  told = evaluated
  return { days, cleared, held, news }
}

async function window(now: EpochMs, span: Span): Promise<EvaluatedWindow | null> {
  const evaluation = await evaluator.evaluate(now, span)
  if (!evaluation) return null
  const { days, cleared, snapshot } = evaluation
  return { days, cleared, figures: windowFigures(snapshot) }
}

async function freeze(now: EpochMs, cycle: Cycle, revision: number): Promise<Frozen> {
  const still = sqliteSnapshot(file)
  try {
    return await freezeCycle({ reader: still, engine, simulated, cycle, revision, now })
  } finally {
    await still.close()
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
