import { missingReasons } from '../../protocol/indicators.ts'
import { secondMs } from '../../protocol/time.ts'
import { selftestTexts } from '../cli/texts/selftest.ts'
import { factsOf } from '../facts/all.ts'
import { type FactHost, Missing, type Reading } from '../facts/fact.ts'
import { noHistory } from '../facts/history.ts'
import { openFactHost } from '../facts/host.ts'
import { measureFacts } from '../facts/measure.ts'
import { readWindows, type SectionName, type WindowsReport } from '../facts/windows.ts'
import { said } from '../language.ts'
import { fail, notApplicable, pass, type Trial } from './trial.ts'

const broken: readonly unknown[] = ['unreadable', 'timed_out']

/** Every readiness fact says something: a value, or a reason that is not our own fault. */
export const factsTrial: Trial = async ({ platform, root, run, clock, timer }) => {
  const startedMs = clock.running()
  const known: readonly FactHost['platform'][] = ['linux', 'win32', 'darwin']
  const at = known.find((each) => each === platform) ?? 'linux'
  const host = openFactHost({
    ...{ platform: at, root, run, now: clock.wall(), uptimeMs: clock.boot() },
    ...{ kept: new Map(), history: noHistory, config: nothing },
  })
  const faults: string[] = []
  const warn = (text: string) => void faults.push(text)
  const readings = await measureFacts(factsOf(at), host, { timer, warn })
  const names = readings.filter(({ missing }) => broken.includes(missing)).map(nameOf)
  if (names.length + faults.length > 0) {
    return fail(said(selftestTexts.factsFailed, { names: [...names, ...faults].join(', ') }))
  }
  const counted = (kind: string) =>
    readings.filter(({ missing }) => missing && missingReasons[missing] === kind).length
  const seconds = ((clock.running() - startedMs) / secondMs).toFixed(1)
  const notMeasured = counted('not_applicable') + counted('cannot_measure')
  return pass(
    said(selftestTexts.facts, {
      measured: readings.length - notMeasured,
      notApplicable: counted('not_applicable'),
      missing: counted('cannot_measure'),
      seconds,
    }),
  )
}

const nothing = { checks: [], facts: { everyMs: 60 * secondMs, exclude: [] } }

function nameOf({ indicator, missing }: Reading): string {
  return `${indicator} (${missing})`
}

/** What PowerShell tells of Windows, section by section: what a report of a fault needs. */
export const windowsTrial: Trial = async ({ platform, run, clock }) => {
  if (platform !== 'win32') return notApplicable(said(selftestTexts.onlyWindows))
  const startedMs = clock.running()
  try {
    const report = await readWindows(run)
    const faults = withError(report, ['failed', 'unreadable'])
    const silent = withError(report, ['access_denied', 'not_there'])
    if (faults.length > 0)
      return fail(said(selftestTexts.reportFailed, { names: faults.join(', ') }))
    if (silent.length > 0)
      return pass(said(selftestTexts.reportPartly, { names: silent.join(', ') }))
    const seconds = ((clock.running() - startedMs) / secondMs).toFixed(1)
    return pass(said(selftestTexts.report, { seconds }))
  } catch (error) {
    if (!(error instanceof Missing)) throw error
    return fail(said(selftestTexts.noReport, { why: error.reason }))
  }
}

function withError(report: WindowsReport, errors: readonly string[]): string[] {
  return Object.keys(report).flatMap((name) => {
    const section = report[name as SectionName] // a key of the report
    return 'error' in section && errors.includes(section.error) ? `${name} (${section.error})` : []
  })
}
