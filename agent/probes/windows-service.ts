import type { ProbeContext } from './probe.ts'

/** SERVICE_RUNNING of winsvc.h, and the exit status for a name that no service has. */
const running = '4'
const noSuchService = 1_060

/**
 * A field of `sc query`: indented, a label in the system's language, a number, two blanks and the
 * number's name. Marks that turn the direction of Arabic may stand anywhere.
 */
const field = /^[ \t]+[^:]+:[ \t]*([0-9a-f]+)[ \t]{2}\S/gim
const directionMarks = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * Whether a service runs on Windows, by its short name. Starting, stopping and paused services do
 * not. Source: `sc query`; its labels are never read: the first such field is the type, the second
 * the state. Throws where it cannot be asked.
 */
export async function windowsService(
  name: string,
  { run, signal }: Pick<ProbeContext, 'run' | 'signal'>,
): Promise<{ readonly running: boolean }> {
  const { status, stdout } = await run({ file: 'sc.exe', args: ['query', name] }, signal)
  if (status === noSuchService) throw new Error('Windows knows no such service.')
  const fields = [...stdout.replace(directionMarks, '').matchAll(field)]
  const state = fields[1]?.[1]
  if (status !== 0 || state === undefined) throw new Error('sc could not ask for the service.')
  return { running: state === running }
}
