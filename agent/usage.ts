import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckKind } from '../protocol/check.ts'
import { dayMs, type EpochMs, minuteMs } from '../protocol/time.ts'
import { type History, noHistory } from './facts/history.ts'
import { disksAmong, readMounts } from './probes/mounts.ts'

/** How long things are remembered: what facts speak of. */
const daysKept = 30
/** Volumes remembered; a host with more has its first ones by name watched. */
const volumesMax = 32
/** A crash may cost the last minutes of what rests on a month. */
const saveEveryMs = 10 * minuteMs
/** Steps of a day's looks: 0 %, 1 %, … 100 %. */
const steps = 101

/** A volume's path and how full it is now. */
export type VolumeUse = { readonly path: string; readonly bytesUsed: number }

export type UsageParts = {
  /** As it was kept; null at first. */
  readonly kept: unknown
  readonly checks: readonly { readonly check: string; readonly kind: CheckKind }[]
  /** Reads all volumes, once a day. */
  readonly readVolumes: () => Promise<readonly VolumeUse[]>
}

type Usage30 = Record<'cpu' | 'memory', Record<string, number[]>>
type Volumes30 = Record<string, (readonly [day: number, bytes: number])[]>

/**
 * What the agent remembers of the last 30 days: how busy it saw processor and memory, and how full
 * each volume was once a day. It stays on this host; facts made of it leave.
 */
export class Usage {
  readonly #readVolumes: UsageParts['readVolumes']
  /** The check that counts for each: two of a kind would count every moment twice. */
  readonly #counted: ReadonlyMap<string, 'cpu' | 'memory'>
  readonly #usage: Usage30
  readonly #volumes: Volumes30
  #sampledOn: number
  #isSampling = false
  #isChanged = false
  #savedAt = Number.NEGATIVE_INFINITY

  constructor({ kept, checks, readVolumes }: UsageParts) {
    const { usage, volumes } = structuredClone((kept ?? noHistory) as History) // written here
    this.#usage = usage as Usage30 // a copy of our own
    this.#volumes = volumes as Volumes30
    this.#readVolumes = readVolumes
    this.#counted = new Map(
      (['cpu', 'memory'] as const).flatMap((kind) => {
        const first = checks.find((check) => check.kind === kind)
        return first ? [[first.check, kind] as const] : []
      }),
    )
    this.#sampledOn = Math.max(-1, ...Object.values(volumes).map((of) => of.at(-1)?.[0] ?? -1))
  }

  /** Remembers a look's value, and takes the day's sample of the volumes when it is due. */
  note(check: string, value: number | undefined, wall: EpochMs): void {
    const today = Math.floor(wall / dayMs)
    const kind = this.#counted.get(check)
    if (kind && value !== undefined) this.#count(kind, value, today)
    if (today !== this.#sampledOn && !this.#isSampling) void this.#sample(today)
  }

  /** All that is remembered. */
  history(): History {
    return { usage: this.#usage, volumes: this.#volumes }
  }

  /** What should be kept with the next save: not each minute, as each save writes all of it. */
  unsaved(wall: EpochMs, isLast: boolean): History | null {
    const isDue = isLast || Math.abs(wall - this.#savedAt) >= saveEveryMs
    return this.#isChanged && isDue ? this.history() : null
  }

  /** Told when what was unsaved is on disk. */
  saved(wall: EpochMs): void {
    this.#isChanged = false
    this.#savedAt = wall
  }

  #count(kind: 'cpu' | 'memory', value: number, today: number): void {
    const days = this.#usage[kind]
    const counts = days[today] ?? []
    const step = Math.round(100 * Math.min(1, Math.max(0, value)))
    // Zeros behind the last step are left out: most days need a few numbers only.
    while (counts.length <= step && counts.length < steps) counts.push(0)
    counts[step] = (counts[step] ?? 0) + 1
    days[today] = counts
    for (const day of tooMany(Object.keys(days).map(Number), today)) delete days[day]
    this.#isChanged = true
  }

  async #sample(today: number): Promise<void> {
    this.#isSampling = true
    try {
      const found = await this.#readVolumes()
      for (const { path, bytesUsed } of found) {
        const before = (this.#volumes[path] ?? []).filter(([day]) => day !== today)
        const samples = [...before, [today, bytesUsed] as const].sort(([a], [b]) => a - b)
        const gone = new Set(
          tooMany(
            samples.map(([day]) => day),
            today,
          ),
        )
        this.#volumes[path] = samples.filter(([day]) => !gone.has(day))
      }
      this.#forgetVolumes(new Set(found.map(({ path }) => path)), today)
      this.#sampledOn = today
      this.#isChanged = true
    } catch {
      // Tried again with the next look: a day has many.
    }
    this.#isSampling = false
  }

  #forgetVolumes(present: ReadonlySet<string>, today: number): void {
    const isOld = (path: string) => {
      const last = this.#volumes[path]?.at(-1)?.[0] ?? 0
      return !present.has(path) && last <= today - daysKept
    }
    const paths = Object.keys(this.#volumes).sort()
    // Volumes that are here have precedence over those that were.
    const wanted = [...paths.filter((p) => present.has(p)), ...paths.filter((p) => !present.has(p))]
    for (const [index, path] of wanted.entries()) {
      if (index >= volumesMax || isOld(path)) delete this.#volumes[path]
    }
  }
}

/**
 * Days to forget: the oldest of too many, and any that has not come yet. A clock that is wrong for
 * an hour costs one old day then, and not all of them.
 */
function tooMany(days: readonly number[], today: number): number[] {
  const sorted = days.filter((day) => day <= today).sort((a, b) => a - b)
  const future = days.filter((day) => day > today)
  return [...future, ...sorted.slice(0, Math.max(0, sorted.length - daysKept))]
}

/** The local volumes that programs write to. On Windows those with a letter. */
export async function readVolumeUse(root: string, platform: NodeJS.Platform): Promise<VolumeUse[]> {
  const paths = platform === 'linux' ? await mountedIn(root) : lettered(platform)
  const found = await Promise.all(paths.map((path) => volumeUse(root, path)))
  return found.filter((volume) => volume !== null)
}

async function mountedIn(root: string): Promise<string[]> {
  const mounts = disksAmong(readMounts(root))
  return mounts.filter(({ readOnly }) => !readOnly).map(({ path }) => path)
}

/** A and B are floppy disks by habit, and asking such a drive makes it spin. */
function lettered(platform: NodeJS.Platform): string[] {
  return platform === 'win32' ? [...'CDEFGHIJKLMNOPQRSTUVWXYZ'].map((each) => `${each}:\\`) : ['/']
}

async function volumeUse(root: string, path: string): Promise<VolumeUse | null> {
  try {
    const at = path.startsWith('/') ? join(root, path) : path
    const { blocks, bfree, bsize } = await statfs(at)
    return blocks > 0 ? { path, bytesUsed: (blocks - bfree) * bsize } : null
  } catch {
    return null // not there, or not to be seen by this user
  }
}
