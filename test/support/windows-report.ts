import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseWindowsReport, type WindowsReport } from '../../agent/facts/windows.ts'

/** A recorded host, by the name of its file in test/fixtures/windows (README.md says whose). */
export type RecordedHost = 'server-2022' | 'server-2016' | 'windows-11' | 'arabic-server'

/** The JSON that the script writes on a recorded host: one line. */
export function recordedLine(name: RecordedHost): string {
  const file = join(import.meta.dirname, '../fixtures/windows', `${name}.json`)
  return JSON.stringify(JSON.parse(readFileSync(file, 'utf8')))
}

/** The report of a recorded host, some sections changed. */
export function windowsReport(
  name: RecordedHost,
  changes: Partial<WindowsReport> = {},
): WindowsReport {
  return { ...parseWindowsReport(recordedLine(name)), ...changes }
}
