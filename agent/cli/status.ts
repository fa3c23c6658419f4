import { publicKeyText } from '../../protocol/jws.ts'
import { rejoinCode } from '../../protocol/possession.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import { dayMs, type EpochMs, hourMs, minuteMs, secondMs } from '../../protocol/time.ts'
import type { KeptCheckpoints } from '../checkpoints.ts'
import type { Contact } from '../deliver.ts'
import type { CheckFold, KeptFold } from '../fold.ts'
import { differences, type Identity, notEnrolled, readIdentity } from '../identity.ts'
import { readKey } from '../key-files.ts'
import type { KeyState } from '../keyring.ts'
import type { Quarantine } from '../outbox.ts'
import { sharedOptions } from '../program.ts'
import type { Spool } from '../spool.ts'
import { openSpoolToRead } from '../spool-file.ts'
import { type Command, text } from './command.ts'
import { loadConfig } from './files.ts'

/** Shows how the agent stands, whether it runs or not. Reads only. */
export const status: Command = {
  about: 'Show who this agent is, what it saw last and what waits to be sent.',
  options: { config: sharedOptions.config, dir: sharedOptions.dir },
  run: async ({ clock, out, err }, values) => {
    const dir = text(values, 'dir') ?? ''
    const identity = readIdentity(dir)
    const spool = identity && openSpoolToRead(dir)
    if (!identity || !spool) throw notEnrolled(dir)
    const { messages, bytes } = spool.depth()
    const receipt = spool.lastReceipt()
    const contact = spool.state('delivery') as Contact | null // written by the watch
    const kept = spool.state('fold') as KeptFold | null // written by the watch
    const now = clock.wall()
    const attention = attentionOf(dir, spool, now)
    spool.close()
    const { agent, name, institution, environment, collector } = identity
    const rows = [
      ['Agent', `${agent} (${name})`],
      ['Belongs to', `environment ${environment} of ${institution}`],
      ['Collector', collector],
      ['Contact', contact ? `${contact.outcome}, ${ago(now - contact.at)}` : 'none yet'],
      ['Receipt', receipt ? receiptLine(receipt) : 'none yet'],
      ['Spool', `${messages} messages, ${bytes} bytes`],
      ['Looked', kept ? ago(now - kept.at.wall) : 'not yet'],
      ...attention,
    ]
    const checks = kept?.fold.checks.map((check) => checkRow(check, kept)) ?? []
    out(table(rows) + table(checks))
    for (const difference of differencesIn(text(values, 'config') ?? '', identity)) {
      err(`Warning: ${difference}\n`)
    }
    return 0
  },
}

/** What somebody has to do something about, or to wait for. */
function attentionOf(dir: string, spool: Spool, now: EpochMs): string[][] {
  const rows: string[][] = []
  const quarantine = spool.state('quarantine') as Quarantine | null // written by the outbox
  const key = spool.state('key') as KeyState | null // written by the outbox
  const checkpoints = spool.state('checkpoints') as KeptCheckpoints | null // written by the outbox
  if (key?.rotation?.isPending) rows.push(['Key', 'a new one waits for the collector'])
  if (quarantine) {
    const since = `${ago(now - quarantine.at)}; nothing is sent`
    rows.push(['Quarantined', `${since}. Stop the other copy of this agent, then: agent rejoin`])
  }
  const asked = readKey(dir, 'rejoin')
  if (asked) {
    const code = rejoinCode(publicKeyText(asked))
    rows.push(['Rejoin', `waits for the administrator, code ${code}; then again: agent rejoin`])
  }
  const contradictions = checkpoints?.contradictions ?? []
  if (contradictions.length > 0) {
    const logs = [...new Set(contradictions.map(({ log }) => log))].join(', ')
    const advice = 'Keep this folder and tell the auditor.'
    rows.push(['ALARM', `the collector's log contradicts itself (${logs}). ${advice}`])
  }
  return rows
}

/** Nothing where agent.yaml cannot be read: that is said where it is needed. */
function differencesIn(file: string, identity: Identity): string[] {
  try {
    return differences(identity, loadConfig(file))
  } catch {
    return []
  }
}

function receiptLine(jws: string): string {
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()
  const { epoch, seq, received } = JSON.parse(payload) as Receipt // verified when it was kept
  return `epoch ${epoch}, message ${seq}, received ${new Date(received).toISOString()}`
}

function checkRow({ definition, last, doubt }: CheckFold, { at }: KeptFold): string[] {
  const seen = doubt ?? last
  if (!seen) return [`  ${definition.check}`, 'not looked at yet']
  const state = doubt ? `${doubt.state}, to be confirmed` : seen.state
  const reason = seen.reason ? ` (${seen.reason})` : ''
  return [`  ${definition.check}`, state + reason, `${ago(at.boot - seen.at)} then`]
}

function table(rows: readonly string[][]): string {
  const widths = [0, 1].map((i) => Math.max(0, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (row: string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}

function ago(ms: number): string {
  for (const [unitMs, unit] of [
    [dayMs, 'd'],
    [hourMs, 'h'],
    [minuteMs, 'min'],
  ] as const) {
    if (ms >= 2 * unitMs) return `${Math.floor(ms / unitMs)} ${unit} ago`
  }
  return `${Math.max(0, Math.round(ms / secondMs))} s ago`
}
