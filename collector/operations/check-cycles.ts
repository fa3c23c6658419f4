import { AppError } from '../error.ts'
import { frozenBytesOf } from '../evaluate/freeze.ts'
import { foldCycles } from '../register/cycles-log.ts'
import { registerHistory } from '../register/history.ts'
import type { CycleReader } from '../store/cycles.ts'
import type { EvidenceReader } from '../store/store.ts'

/**
 * Whether the frozen figures of every cycle are those that the national log names: none changed,
 * none missing, none that nobody approved. A sentence for each that is not.
 */
export async function checkCycles(
  reader: CycleReader & Pick<EvidenceReader, 'entries'>,
): Promise<string[]> {
  const entries = await reader.entries('figures')
  const book = foldCycles(new Map(), entries, registerHistory(entries))
  const faults: string[] = []
  const approved = new Set<string>()
  for (const act of [...book.values()].flat()) {
    const { id, revision, frozen } = act
    if (!frozen) continue
    approved.add(`${id} ${revision}`)
    try {
      await frozenBytesOf(reader, { id, revision, frozen })
    } catch (error) {
      if (!(error instanceof AppError) || error.detail.rule !== 'frozen_damaged') throw error
      faults.push(error.message)
    }
  }
  for (const { cycle, revision } of await reader.frozenCycles()) {
    if (approved.has(`${cycle} ${revision}`)) continue
    faults.push(`Nobody approved the frozen figures of cycle ${cycle}, revision ${revision}.`)
  }
  return faults
}
