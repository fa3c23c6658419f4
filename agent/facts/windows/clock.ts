import { type EpochMs, hourMs } from '../../../protocol/time.ts'
import { clockFact } from '../clock.ts'
import { type FactProbe, Missing, type Reading } from '../fact.ts'
import { told, type WindowsReport } from '../windows.ts'

/** The time service writes its state each eight hours; an older one says nothing of now. */
const statusAgeMsMax = 9 * hourMs
const method = 'w32time'

/**
 * How far off the clock is: by the time service of Windows, else by what Linux would be asked too
 * (chrony or ntpd, which some install on Windows, and the agent's own check of the clock).
 */
export const clockOnWindows: FactProbe = {
  indicators: clockFact.indicators,
  async measure(host) {
    const report = await host.windows()
    try {
      return [byTimeService(report, host.now)]
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      const [other] = await clockFact.measure(host)
      if (other && other.value !== null) return [other]
      throw error
    }
  },
}

/**
 * By the time service's own periodic event (260). `w32tm` tells the same, but in the language of
 * the host and not to everybody. Throws Missing.
 * Source: https://learn.microsoft.com/en-us/windows-server/networking/windows-time-service/
 * windows-time-for-traceability
 */
function byTimeService(report: WindowsReport, now: EpochMs): Reading {
  const { type, running, status } = told(report, 'time', method)
  if (!running || type === 'NoSync') throw new Missing('no_tool', method)
  if (status?.at == null) throw new Missing('not_known', method)
  const isFresh = now - Date.parse(status.at) <= statusAgeMsMax
  // Leap 3 and stratum 0 both say that it follows no other clock.
  const isFollowing = status.leap !== '3' && status.stratum !== '0'
  if (!isFresh || !isFollowing) throw new Missing('not_known', method)
  const [, seconds] = /^([+-]?\d+(?:[.,]\d+)?)\s?s?$/.exec(status.offset) ?? []
  if (seconds === undefined) throw new Missing('unreadable', method)
  const value = Math.abs(Number(seconds.replace(',', '.')))
  return { indicator: 'clock.offset_seconds', value, method, detail: `stratum ${status.stratum}` }
}
