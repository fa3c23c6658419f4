import { type FactHost, Missing } from './fact.ts'

/** The text of a file, null also where this user may not read it: when others tell the same. */
export function peek(host: FactHost, path: string): string | null {
  try {
    return host.read(path)
  } catch (error) {
    if (error instanceof Missing) return null
    throw error
  }
}

/** Names in a folder, none also where this user may not look. */
export function glance(host: FactHost, path: string): readonly string[] {
  try {
    return host.list(path)
  } catch (error) {
    if (error instanceof Missing) return []
    throw error
  }
}

/**
 * How systemd sees services: `active`, `inactive`, `failed` …; null where it does not answer. A
 * service that is not installed is inactive.
 */
export async function unitStates(
  host: FactHost,
  units: readonly string[],
): Promise<ReadonlyMap<string, string> | null> {
  const args = ['show', '--no-pager', '--property=ActiveState', ...units]
  const said = await host.ask({ file: 'systemctl', args })
  if (said?.status !== 0) return null
  const states = [...said.stdout.matchAll(/^ActiveState=(\S+)$/gm)].map(([, state]) => state ?? '')
  if (states.length !== units.length) return null
  return new Map(units.map((unit, index) => [unit, states[index] ?? '']))
}

/** A JSON object that a tool printed; null for anything else. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `1 volume`, `2 volumes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
