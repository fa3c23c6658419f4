import { sha256 } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import {
  canonicalJson,
  type FrozenFigures,
  frozenFigures,
  type WindowFigures,
  windowFigures,
} from '../kpi/cycle-figures.ts'
import type { Model } from '../kpi/readiness/model.ts'
import type { Cycle } from '../kpi/snapshot.ts'
import type { CycleAct, FrozenResult } from '../register/cycles.ts'
import { policyAt, registerAt, registerHistory } from '../register/history.ts'
import type { CycleReader } from '../store/cycles.ts'
import type { Reader } from '../store/sqlite/sqlite.ts'
import { Evaluator } from './evaluator.ts'
import { areFactsKept } from './readiness/facts-kept.ts'

/** What an approval stores: the bytes, and what the log says of them. */
export type Frozen = { readonly bytes: Uint8Array; readonly frozen: FrozenResult }

export type FreezeOptions = {
  /** Reads one moment of the store: see `sqliteSnapshot`. */
  readonly reader: Reader
  readonly engine: string
  readonly simulated: boolean
  readonly defaultModel?: Model
  readonly cycle: Cycle
  readonly revision: number
  readonly now: EpochMs
}

/**
 * The figures of a cycle by all that is known now, as the bytes that are kept for ever. The same
 * logs and the same engine give the same bytes, whenever they are made. Throws AppError.
 */
export async function freezeCycle(options: FreezeOptions): Promise<Frozen> {
  const { reader, engine, cycle, revision, now } = options
  const heads = await reader.heads()
  const areKept = areFactsKept(cycle.to, now)
  const evaluation = await new Evaluator(options).evaluate(now, cycle, false, areKept)
  if (!evaluation) throw new AppError('conflict', 'No register has been applied yet.')
  const history = registerHistory(await reader.entries('figures'))
  const old = revision === 0 ? null : await reader.frozenBytes(cycle.id, revision - 1)
  const basis = {
    revision,
    previous: old && sha256(old),
    register: sha256(canonicalJson(registerAt(history, cycle.to - 1))),
    policy: sha256(canonicalJson(policyAt(history, cycle.to - 1))),
  }
  const before = old && (JSON.parse(old.toString()) as FrozenFigures)
  const live = windowFigures(evaluation.snapshot)
  // Nothing is left to compute them from: they stand.
  const kept = areKept ? live : { ...live, ...stoodBefore(before) }
  const figures = frozenFigures(kept, cycle, basis, before)
  const bytes = Buffer.from(canonicalJson(figures))
  const { register, policy } = basis
  const sizes = Object.fromEntries(heads.map(({ log, size }) => [log, size]))
  return {
    bytes,
    frozen: {
      ...{ sha256: sha256(bytes), length: bytes.length, sizes, register, policy },
      ...{ model: figures.readiness?.model.hash ?? null, engine, at: now },
    },
  }
}

function stoodBefore(before: FrozenFigures | null): Pick<WindowFigures, 'readiness' | 'migration'> {
  const { readiness, migration } = before ?? {}
  return { ...(readiness && { readiness }), ...(migration && { migration }) }
}

/**
 * The frozen bytes of an approved act. Throws AppError `unavailable` when they are not those that
 * the national log names.
 */
export async function frozenBytesOf(
  reader: Pick<CycleReader, 'frozenBytes'>,
  {
    id,
    revision,
    frozen,
  }: Pick<CycleAct, 'id' | 'revision'> & {
    readonly frozen: Pick<FrozenResult, 'sha256'>
  },
): Promise<Buffer> {
  const bytes = await reader.frozenBytes(id, revision)
  if (bytes && sha256(bytes) === frozen.sha256) return bytes
  const message = frozenFault({ id, revision }, bytes !== null)
  throw new AppError('unavailable', message, { detail: { rule: 'frozen_damaged' } })
}

/** What does not hold of frozen bytes, as a sentence. */
export function frozenFault(
  { id, revision }: Pick<CycleAct, 'id' | 'revision'>,
  isThere: boolean,
): string {
  const what = isThere ? 'are not those that the national log names' : 'are missing'
  return `The frozen figures of cycle ${id}, revision ${revision}, ${what}. Restore a backup.`
}
