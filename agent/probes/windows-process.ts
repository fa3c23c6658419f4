import type { ProbeContext } from './probe.ts'

/**
 * How many processes of a program run on Windows, by the name of its file; `.exe` may be left out.
 * Source: `tasklist`, whose list is empty but for a sentence in the system's language when there
 * are none. Throws where it cannot be asked.
 */
export async function windowsProcess(
  name: string,
  { run, signal }: Pick<ProbeContext, 'run' | 'signal'>,
): Promise<number> {
  const image = /\.exe$/i.test(name) ? name : `${name}.exe`
  const args = ['/FI', `IMAGENAME eq ${image}`, '/FO', 'CSV', '/NH']
  const { status, stdout } = await run({ file: 'tasklist.exe', args }, signal)
  if (status !== 0) throw new Error('tasklist could not list the processes.')
  const wanted = `"${image.toLowerCase()}",`
  return stdout.split(/\r?\n/).filter((line) => line.toLowerCase().startsWith(wanted)).length
}
