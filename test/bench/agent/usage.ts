import { readdirSync, readFileSync } from 'node:fs'

/**
 * CPU time of all threads of a process that live, in the kernel's own nanoseconds: a look costs
 * less than the hundredth of a second in which /proc/PID/stat counts. Unit: milliseconds.
 */
export function threadsCpuMs(pid: number): number {
  let sumNs = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    sumNs += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0])
  }
  return sumNs / 1e6
}

/** CPU time of children that ended and were waited for, theirs included. Unit: milliseconds. */
export function endedChildrenCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // cutime and cstime are fields 16 and 17, in hundredths of a second.
  return (Number(fields[13]) + Number(fields[14])) * 10
}

/** Resident memory of a process and all its descendants, smaps_rollup. Unit: MiB. */
export function treeRssMib(pid: number): number {
  let kilobytes = 0
  for (const each of treeOf(pid)) {
    try {
      const text = readFileSync(`/proc/${each}/smaps_rollup`, 'latin1')
      kilobytes += Number(/^Rss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0)
    } catch {
      // It has ended meanwhile.
    }
  }
  return kilobytes / 1_024
}

/** A process and all that descend from it. */
export function treeOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1')
      .split(' ')
      .filter((each) => each.trim() !== '')
      .map(Number),
  )
  return [pid, ...children.flatMap(treeOf)]
}
