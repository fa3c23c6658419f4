import type { ProbeContext } from './probe.ts'

/** A row of the list: name, id, session, its number, memory. A sentence has no such columns. */
const row = /^"[^"]+","\d+","[^"]*","\d+","[^"]*"$/

/**
 * How many processes of a program run on Windows, by the name of its file; `.exe` may be left out.
 * Source: `tasklist`, which filters by the name itself and prints a sentence in the system's
 * language where none runs. It prints in the code page of the console, in which only an ASCII name
 * can be recognised again. Throws where it cannot be asked.
 */
export async function windowsProcess(
  name: string,
  { run, signal }: Pick<ProbeContext, 'run' | 'signal'>,
): Promise<number> {
  const image = /\.exe$/i.test(name) ? name : `${name}.exe`
  const args = ['/FI', `IMAGENAME eq ${image}`, '/FO', 'CSV', '/NH']
  const { status, stdout } = await run({ file: 'tasklist.exe', args }, signal)
  if (status !== 0) throw new Error('tasklist could not list the processes.')
  const rows = stdout.split(/\r?\n/).filter((line) => row.test(line.trim()))
  if (!/^[\x20-\x7e]+$/.test(image)) return rows.length
  const wanted = `"${image.toLowerCase()}",`
  return rows.filter((line) => line.toLowerCase().startsWith(wanted)).length
}
