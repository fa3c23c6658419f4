import type { ProbeContext } from './probe.ts'

/** SERVICE_RUNNING of winsvc.h, and the exit status for a name that no service has. */
const running = '4'
const noSuchService = 1_060

/**
 * Whether a service runs on Windows, by its short name. Starting, stopping and paused services do
 * not. Source: `sc query`, whose labels follow the system's language: the second number of its
 * answer is the state. Throws where it cannot be asked.
 */
export async function windowsService(
  name: string,
  { run, signal }: Pick<ProbeContext, 'run' | 'signal'>,
): Promise<{ readonly running: boolean }> {
  const { status, stdout } = await run({ file: 'sc.exe', args: ['query', name] }, signal)
  if (status === noSuchService) return { running: false }
  const [, state] = [...stdout.matchAll(/ : (\w+) /g)].map(([, number]) => number)
  if (status !== 0 || state === undefined) throw new Error('sc could not ask for the service.')
  return { running: state === running }
}
