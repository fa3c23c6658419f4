import type { Run } from '../../agent/child.ts'
import { type FactHost, Missing } from '../../agent/facts/fact.ts'
import { noHistory } from '../../agent/facts/history.ts'
import { type FactMachine, openFactHost } from '../../agent/facts/host.ts'
import type { WindowsReport } from '../../agent/facts/windows.ts'
import { dayMs } from '../../protocol/time.ts'
import { fakeRoot } from './fake-root.ts'

/** What a test makes a host of; a host of which nothing is said is an empty Linux. */
export type FactHostParts = Partial<Omit<FactMachine, 'root' | 'run' | 'askIsGuest'>> & {
  /** Below `/`, without the leading slash; a path that ends in `/` is a folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** Paths, with the leading slash, that this user may not read. */
  readonly forbidden?: readonly string[]
  /** When files were last changed, by path with the leading slash. */
  readonly modified?: Readonly<Record<string, number>>
  /** By the command line; a text is what a command said that ended well. Others are not there. */
  readonly said?: Readonly<Record<string, string | { status: number | null; stdout: string }>>
  readonly isGuest?: boolean
  readonly report?: WindowsReport
}

/** 2026-10-01T00:00:00Z. */
export const factNow = 1_790_812_800_000

/** A host over a folder that stands for `/`, recorded answers of commands, and what a test says. */
export function fakeFactHost(parts: FactHostParts = {}): FactHost {
  const { files = {}, forbidden = [], modified = {}, said = {}, isGuest = false, report } = parts
  const run: Run = async ({ file, args }) => {
    const answer = said[[file, ...args].join(' ')]
    if (answer === undefined) throw Object.assign(new Error('spawn ENOENT'), { code: 'ENOENT' })
    const ended = typeof answer === 'string' ? { status: 0, stdout: answer } : answer
    return { ...ended, stderr: '', aborted: ended.status === null }
  }
  const host = openFactHost({
    ...{ platform: 'linux', now: factNow, uptimeMs: 10 * dayMs, history: noHistory },
    kept: new Map(),
    config: { checks: [], facts: { everyMs: dayMs / 4, exclude: [] } },
    ...parts,
    ...{ root: fakeRoot(files), run },
    askIsGuest: async () => isGuest,
    ...(report && { askWindows: async () => report }),
  })
  const allowed = <T>(path: string, look: (path: string) => T) => {
    const isForbidden = forbidden.some((each) => path === each || path.startsWith(`${each}/`))
    if (isForbidden) throw new Missing('no_permission', 'file', `read access to ${path}`)
    return look(path)
  }
  return {
    ...host,
    read: (path) => allowed(path, host.read),
    list: (path) => allowed(path, host.list),
    tail: (path, bytesMax) => allowed(path, () => host.tail(path, bytesMax)),
    modified: (path) => allowed(path, () => modified[path] ?? host.modified(path)),
  }
}
