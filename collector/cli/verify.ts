import { thumbprint } from '../../protocol/jws.ts'
import { type Verified, verify as verifyExport } from '../evidence/verify.ts'
import type { Bound, Figure } from '../kpi/snapshot.ts'
import { type Command, text } from './command.ts'

const details = `Needs no collector, no database and no network. The log keys, every hash,
signature, number and chain are checked, the trees are compared with every checkpoint, and all
figures are computed again from the evidence. Copies that were kept outside show whether the log was
rewritten as a whole: without any, only the operator's word stands for that.

Exit status: 0 all of it holds; 1 something does not, and what is named is the first; 2 a file
cannot be read or was cut short, so that nothing can be said.`

/** Checks an export, offline. */
export const verify: Command = {
  about: 'Check an export offline: signatures, logs, figures.',
  operands: ['FILE'],
  details,
  options: {
    receipts: { type: 'string', value: 'PATH', about: 'Receipts of agents: a file or a folder.' },
    checkpoints: { type: 'string', value: 'PATH', about: 'Checkpoints: a file or a folder.' },
  },
  run: async ({ out, err }, values, [file = '']) => {
    const receipts = text(values, 'receipts') ?? null
    const checkpoints = text(values, 'checkpoints') ?? null
    const progress = (lines: number) => err(`\r${lines} lines`)
    const outcome = await verifyExport({ file, receipts, checkpoints, progress })
    err('\n')
    if (outcome.result === 'ok') {
      out(reportOf(outcome))
      return 0
    }
    out(`${outcome.result}: ${outcome.why}\n`)
    return outcome.result === 'broken' ? 1 : 2
  },
}

function reportOf(found: Verified): string {
  const { institution, sizes, messages, witnessMessages, timeClasses, outside, keys, figures } =
    found
  const { window, exportedAt, checkpoints, commitments, withheld } = found
  const { A, B, C } = timeClasses
  const logs = Object.entries(sizes).map(([log, size]) => `${log} ${size} leaves`)
  const lines = [
    `ok: evidence of ${institution}, exported ${time(exportedAt)}`,
    `figures from ${time(window.from)} to ${time(window.to)}: computed again, equal digit by digit`,
    shareOf(figures.institution.continuity.cycle),
    `logs: ${logs.join(', ')}; ${withheld} national leaves without their content`,
    `messages: ${messages} (${witnessMessages} of witnesses), each signed by its agent's key ` +
      'of that time, none missing undeclared',
    `dated: ${A} by heartbeats (A), ${B} by a wall clock that was right (B), ${C} not at all (C)`,
    `log keys: ${keys.map(thumbprint).join(', ')}`,
    `checkpoints in the file: ${checkpoints}; daily commitments in national: ${commitments}`,
    outsideOf(outside),
  ]
  return `${lines.join('\n')}\n`
}

function shareOf({ sums, attested }: Figure): string {
  if (!sums) return 'nothing was in scope'
  const known = sums.upMs + sums.degradedMs + sums.downMs
  const all = known + sums.unknownMs
  const { self, witnessed, both } = attested ?? {}
  const share = (bound: Bound | undefined) => (bound ? `${bound.percent} %` : 'none')
  return (
    `known time: ${percent(known, all)}, of it self-attested ${share(self)}, ` +
    `witnessed ${share(witnessed)}, both ${share(both)}; left out because the collector did not ` +
    `run: ${percent(sums.centreMs, all + sums.centreMs)}`
  )
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(2)} %`
}

function outsideOf({ receipts, checkpoints, newer }: Verified['outside']): string {
  if (receipts + checkpoints + newer === 0) {
    return (
      'kept outside: nothing was given, so only the operator’s own copies were compared; ' +
      'a log rewritten as a whole would not show'
    )
  }
  const late = newer > 0 ? `; ${newer} receipts are newer than the export` : ''
  return `kept outside: ${receipts} receipts and ${checkpoints} checkpoints hold${late}`
}

function time(at: number): string {
  return new Date(at).toISOString()
}
