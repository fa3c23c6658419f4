import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../error.ts'
import { type Exported, type ExportOptions, exportEvidence } from '../evidence/export.ts'
import { toDisk } from '../operations/data-files.ts'
import { type Manifest, manifestFormat, manifestText, setFiles, signManifest } from './manifest.ts'
import { measure, writeLinesTo } from './text-file.ts'
import { viewsOf } from './views.ts'

/**
 * Writes evidence with all that follows from it into a folder of its own, signed as one. It has
 * its name only once it is whole. Throws AppError `configuration` where something has the name.
 */
export async function writeSet(
  path: string,
  options: Omit<ExportOptions, 'file'>,
): Promise<Exported> {
  // Without the slash that a shell puts behind a folder's name.
  const folder = resolve(path)
  if (existsSync(folder)) throw new AppError('configuration', `${folder} exists already.`)
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true, mode: 0o700 })
  try {
    const evidence = join(partial, setFiles.evidence)
    const exported = await exportEvidence({ ...options, file: evidence })
    const files = [{ name: setFiles.evidence as string, ...measure(evidence) }]
    for (const { file, lines } of viewsOf(exported.evaluated, options.simulated)) {
      files.push({ name: file, ...writeLinesTo(join(partial, file), lines()) })
    }
    const { institution, exportedAt, engine, simulated, window, sizes } = exported.header
    const about = { institution, exportedAt, engine, simulated, window, sizes }
    const text = manifestText({ format: manifestFormat, ...about, files } satisfies Manifest)
    writeLinesTo(join(partial, setFiles.manifest), [text])
    const signature = signManifest(text, options.logKey)
    writeLinesTo(join(partial, setFiles.signature), [signature])
    toDisk(partial)
    renameSync(partial, folder)
    toDisk(dirname(folder))
    return exported
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw error
  }
}
