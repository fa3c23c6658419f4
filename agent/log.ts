import type { EpochMs } from '../protocol/time.ts'

type Level = 'info' | 'warn' | 'error'

/** Writes one event. `message` is a fixed sentence; what varies goes into `fields`. */
export type Log = (
  level: Level,
  message: string,
  fields?: Readonly<Record<string, string | number | boolean | null>>,
) => void

/** A log of JSON lines. Callers never hand it tokens, keys, bodies or addresses of people. */
export function jsonLog(write: (line: string) => void, wall: () => EpochMs): Log {
  return (level, message, fields) => {
    write(
      `${JSON.stringify({ time: new Date(wall()).toISOString(), level, message, ...fields })}\n`,
    )
  }
}
