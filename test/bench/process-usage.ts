import { readFileSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second: `getconf CLK_TCK`. */
const tickMs = 10

/** User and system time of a process, all its threads included, ended ones too. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name in parentheses may hold anything; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** Resident memory of a process. Unit: MiB. */
export function residentMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024
}

/** What a process used between two moments. */
export type Usage = { readonly cpuMs: number; readonly wallMs: number; readonly peakMib: number }

/** Watches a process from now on; memory is looked at ten times a second. */
export function watchProcess(pid: number): { end(): Usage } {
  const [startCpuMs, startedAt] = [cpuMs(pid), performance.now()]
  let peakMib = residentMib(pid)
  const timer = setInterval(() => {
    peakMib = Math.max(peakMib, residentMib(pid))
  }, 100)
  return {
    end: () => {
      clearInterval(timer)
      peakMib = Math.max(peakMib, residentMib(pid))
      return { cpuMs: cpuMs(pid) - startCpuMs, wallMs: performance.now() - startedAt, peakMib }
    },
  }
}
