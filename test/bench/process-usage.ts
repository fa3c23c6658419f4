import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second: `getconf CLK_TCK`. */
const tickMs = 10

/** User and system time of a process, all its threads included, ended ones too. */
export function cpuMs(pid: number): number {
  return ticksOf(`/proc/${pid}/stat`) * tickMs
}

/** User and system time of the running threads of a process that have this name. */
export function threadMs(pid: number, name: string): number {
  const tasks = `/proc/${pid}/task`
  const threads = readdirSync(tasks).filter(
    (id) => readFileSync(`${tasks}/${id}/comm`, 'latin1').trimEnd() === name,
  )
  return threads.reduce((sum, id) => sum + ticksOf(`${tasks}/${id}/stat`), 0) * tickMs
}

function ticksOf(file: string): number {
  const stat = readFileSync(file, 'latin1')
  // The name in parentheses may hold anything; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** Resident memory of a process. Unit: MiB. */
export function residentMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024
}

/** What a process used between two moments. */
export type Usage = {
  readonly cpuMs: number
  /** The part of it that the thread took that was asked for; 0 where none was. */
  readonly threadMs: number
  readonly wallMs: number
  readonly peakMib: number
}

/** Watches a process from now on, a thread too; memory is looked at ten times a second. */
export function watchProcess(pid: number, thread?: string): { end(): Usage } {
  const ofThread = () => (thread === undefined ? 0 : threadMs(pid, thread))
  const [startCpuMs, startThreadMs, startedAt] = [cpuMs(pid), ofThread(), performance.now()]
  let peakMib = residentMib(pid)
  const timer = setInterval(() => {
    peakMib = Math.max(peakMib, residentMib(pid))
  }, 100)
  return {
    end: () => {
      clearInterval(timer)
      peakMib = Math.max(peakMib, residentMib(pid))
      const wallMs = performance.now() - startedAt
      const used = { cpuMs: cpuMs(pid) - startCpuMs, threadMs: ofThread() - startThreadMs }
      return { ...used, wallMs, peakMib }
    },
  }
}
