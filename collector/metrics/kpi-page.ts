import type { Snapshot } from '../kpi/snapshot.ts'
import { continuityFamilies } from './continuity.ts'
import type { ChecksOf } from './family.ts'
import { hostFamilies } from './hosts.ts'
import { readinessFamilies } from './readiness.ts'
import { registerFamilies } from './register.ts'

/** Every KPI gauge, in the order of the page. */
const kpiFamilies = [
  ...continuityFamilies,
  ...readinessFamilies,
  ...registerFamilies,
  ...hostFamilies,
]

const pieceLength = 64 * 1024

/**
 * The KPI part of the page, in pieces. Written here and not through prom-client, which needs three
 * times as long for the 24,000 series of a wide nation.
 */
export function* kpiPage(snapshot: Snapshot, checksOf: ChecksOf): Iterable<string> {
  let piece = ''
  for (const { name, labels, help, samples } of kpiFamilies) {
    piece += `\n# HELP ${name} ${help}\n# TYPE ${name} gauge\n`
    for (const sample of samples(snapshot, checksOf)) {
      const pairs = labels.map((label, index) => `${label}="${escapeLabel(String(sample[index]))}"`)
      piece += `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${sample.at(-1)}\n`
      if (piece.length < pieceLength) continue
      yield piece
      piece = ''
    }
  }
  yield piece
}

/** Escapes as the text format asks for, so that no name can end its label or its line. */
function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}
