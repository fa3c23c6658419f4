import { dayMs, type EpochMs, minuteMs } from '../../../protocol/time.ts'
import type { Reading } from '../fact.ts'
import { told, type WindowsReport } from '../windows.ts'
import { attempt, onWindows } from './family.ts'

/**
 * Events of the System log. Source: https://learn.microsoft.com/en-us/troubleshoot/windows-client/
 * performance/event-id-41-restart
 */
const ids = { powerLost: 41, logStarted: 6005, logStopped: 6006, unexpected: 6008 } as const
const halfYearMs = 183 * dayMs
/** A log of less time says too little. */
const shortestMs = 7 * dayMs
/** 41 and 6008 tell of the same end, both written as the next boot begins. */
const sameBootMs = 10 * minuteMs
const method = 'event-log'

/** How often the host went down without being told to, and when it last was told to. */
export const rebootsOnWindows = onWindows(
  ['host.unplanned_reboots', 'host.shutdown'],
  (report, { now }) => [
    attempt('host.unplanned_reboots', () => unplanned(report, now)),
    attempt('host.shutdown', () => shutdown(report)),
  ],
)

function unplanned(report: WindowsReport, now: EpochMs): Reading {
  const { oldestAt, list } = told(report, 'events', method, readers)
  const dirty = list
    .filter(({ id }) => id === ids.powerLost || id === ids.unexpected)
    .flatMap(({ at }) => (at === null ? [] : Date.parse(at)))
    .filter((at) => at > now - halfYearMs && at <= now)
    .sort((a, b) => a - b)
  const boots = dirty.filter((at, index) => at - (dirty[index - 1] ?? 0) > sameBootMs)
  const since = oldestAt === null ? now : Math.max(Date.parse(oldestAt), now - halfYearMs)
  const detail = `events since ${new Date(since).toISOString().slice(0, 10)}`
  const count = { indicator: 'host.unplanned_reboots', method, detail } as const
  if (now - since < shortestMs) return { ...count, value: null, missing: 'too_early' }
  return { ...count, value: boots.length }
}

/** Only where the last thing before this boot was the log's own orderly end. */
function shutdown(report: WindowsReport): Reading {
  const indicator = 'host.shutdown'
  const { bootedAt } = told(report, 'os', method)
  const boot = bootedAt === null ? Number.NaN : Date.parse(bootedAt)
  const [last] = told(report, 'events', method, readers)
    .list.flatMap(({ id, at }) => (at === null ? [] : { id, at: Date.parse(at) }))
    .filter(({ id, at }) => at < boot && id !== 1074)
    .sort((a, b) => b.at - a.at)
  if (last?.id !== ids.logStopped) return { indicator, value: null, missing: 'not_known', method }
  return { indicator, value: last.at, method }
}

const readers = 'membership of the group Event Log Readers (S-1-5-32-573)'
