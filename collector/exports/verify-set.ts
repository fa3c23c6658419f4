import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Broken } from '../evidence/claims.ts'
import type { EvaluatedFigures, NationFigures } from '../evidence/figures.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { CutShort } from '../evidence/line-reader.ts'
import {
  type Checked,
  checkEvidence,
  judged,
  type NotVerified,
  requireEqual,
  type Verified,
  type VerifyOptions,
} from '../evidence/verify.ts'
import {
  type Manifest,
  manifestBytesMax,
  readManifest,
  requireManifestSigned,
  setFiles,
  wholeFolders,
} from './manifest.ts'
import { firstDifference, measure } from './text-file.ts'
import { type NationCheck, recomputeNation, requireLogs } from './verify-nation.ts'
import { type View, viewsOf } from './views.ts'

export type VerifySetOptions = VerifyOptions & {
  /** The exports of institutions, to compute the nation's figures from; a folder. */
  readonly institutions: string | null
}

/** What was checked; `files` and `nation` where there were such. */
export type VerifiedSet = Verified & {
  /** Files that the manifest names, all of them what follows from the evidence. */
  readonly files: number | null
  readonly nation: NationCheck | null
}

/**
 * Checks an export: one file of evidence, a folder with all that goes with it, or the nation with
 * all institutions in folders of their own.
 */
export async function verifyExport(options: VerifySetOptions): Promise<VerifiedSet | NotVerified> {
  return judged(async () => {
    const isWhole = isWholeExport(options.file)
    const given = isWhole ? partsOfWhole(options) : options
    const { files, checked } = await checkOne(given)
    if (isWhole) requireNation(checked, given)
    if (checked.found.institution !== nationalLog) return { ...checked.found, files, nation: null }
    const nation = await checkNation(checked, given)
    if (isWhole && !nation.isRecomputed) {
      throw new Broken(`${wholeFolders.institutions}: not all are of the moment of the nation`)
    }
    return { ...checked.found, files, nation }
  })
}

/** Whether a folder holds no set itself, but that of the nation beside those of institutions. */
function isWholeExport(path: string): boolean {
  const has = (...names: readonly string[]) => existsSync(join(path, ...names))
  return !has(setFiles.manifest) && (has(wholeFolders.nation) || has(wholeFolders.institutions))
}

/** Where its sets are. Throws Broken for anything else that lies beside them. */
function partsOfWhole(options: VerifySetOptions): VerifySetOptions {
  const { file: path } = options
  const [nation, institutions] = [wholeFolders.nation, wholeFolders.institutions] as const
  const known: readonly string[] = [nation, institutions]
  const other = readdirSync(path).find((name) => !known.includes(name))
  if (other !== undefined) throw new Broken(`${JSON.stringify(other)} is no part of the export`)
  for (const name of known) requirePart(path, name)
  if (options.institutions !== null) {
    throw new Broken('the export has institutions of its own: leave --institutions away')
  }
  return { ...options, file: join(path, nation), institutions: join(path, institutions) }
}

/** The nation's own set, and of each institution behind its figures a folder of that name. */
function requireNation(checked: Checked, { institutions }: VerifySetOptions): void {
  if (checked.found.institution !== nationalLog) {
    throw new Broken(`${wholeFolders.nation}: it is the export of ${checked.found.institution}`)
  }
  const logs = requireLogs(checked).map(({ log }) => log)
  const other = readdirSync(institutions!).find((name) => !logs.includes(name))
  if (other !== undefined) {
    throw new Broken(`${wholeFolders.institutions}: ${JSON.stringify(other)} is no part of it`)
  }
  for (const log of logs) requirePart(institutions!, log)
}

function requirePart(folder: string, name: string): void {
  if (statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory()) return
  throw new CutShort(`${join(folder, name)} is missing: the export is not whole.`)
}

/** Throws as `checkEvidence`. */
async function checkOne(
  options: VerifyOptions,
): Promise<{ files: number | null; checked: Checked }> {
  const { file: path } = options
  if (!statSync(path).isDirectory()) return { files: null, checked: await checkEvidence(options) }
  const bytes = small(path, setFiles.manifest)
  const signature = small(path, setFiles.signature).toString('latin1')
  const manifest = readManifest(bytes)
  requireFiles(path, manifest)
  const checked = await checkEvidence({ ...options, file: join(path, setFiles.evidence) })
  requireManifestSigned(bytes, signature, checked.keys.current)
  const { institution, exportedAt, engine, simulated, window, sizes } = checked.header
  const about = { institution, exportedAt, engine, simulated, window, sizes }
  const { format: _format, files, ...claimed } = manifest
  requireEqual(claimed, about, setFiles.manifest)
  const views = viewsOf(checked.evaluated ?? claimedNation(checked), simulated)
  requireViews(path, manifest, views)
  return { files: files.length, checked }
}

function small(folder: string, name: string): Buffer {
  const file = join(folder, name)
  if (!existsSync(file)) throw new CutShort(`${file} is missing: the export is not whole.`)
  if (statSync(file).size > manifestBytesMax) throw new Broken(`${name}: it is too long`)
  return readFileSync(file)
}

/** Every file is as the manifest says, and there is no other. */
function requireFiles(folder: string, { files }: Manifest): void {
  const named = new Set<string>([setFiles.manifest, setFiles.signature])
  for (const { name, ...wanted } of files) {
    if (named.has(name)) throw new Broken(`${setFiles.manifest}: it names ${name} twice`)
    named.add(name)
    const file = join(folder, name)
    if (!existsSync(file)) throw new CutShort(`${file} is missing: the export is not whole.`)
    const found = measure(file)
    if (found.bytes !== wanted.bytes || found.sha256 !== wanted.sha256) {
      throw new Broken(`${name}: it is not the file that ${setFiles.manifest} names`)
    }
  }
  if (!named.has(setFiles.evidence)) throw new Broken(`${setFiles.manifest}: it names no evidence`)
  const other = readdirSync(folder).find((name) => !named.has(name))
  if (other !== undefined) throw new Broken(`${JSON.stringify(other)} is not in the manifest`)
}

/** Each view is made again, and must be what stands there. */
function requireViews(folder: string, { files }: Manifest, views: readonly View[]): void {
  const named = files.map(({ name }) => name).filter((name) => name !== setFiles.evidence)
  requireEqual(
    named,
    views.map(({ file }) => file),
    setFiles.manifest,
  )
  for (const { file, lines } of views) {
    const line = madeOf(() => firstDifference(join(folder, file), lines()))
    if (line === null) continue
    throw new Broken(`${file}, line ${line}: it is not what follows from the evidence`)
  }
}

/** What the nation's evidence says its figures are; its shape is not known yet. */
function claimedNation({ header, store }: Checked): EvaluatedFigures {
  const { logs: _logs, ...figures } = header.figures as NationFigures & { logs?: unknown }
  return { figures, indicators: [], migration: null, entries: store.acts(), pieces: () => [] }
}

function madeOf<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause
    throw new Broken('figures: they are not what an export of a nation holds', { cause })
  }
}

async function checkNation(
  nation: Checked,
  { institutions: path, receipts, checkpoints, progress }: VerifySetOptions,
): Promise<NationCheck> {
  const logs = requireLogs(nation)
  if (path === null) return { given: 0, logs: logs.length, isRecomputed: false }
  const checked: Checked[] = []
  for (const name of readdirSync(path).sort()) {
    const file = join(path, name)
    if (!statSync(file).isDirectory() && !name.endsWith('.jsonl')) continue
    try {
      const one = await checkOne({ file, receipts, checkpoints, progress })
      if (one.checked.found.institution !== nationalLog) checked.push(one.checked)
    } catch (cause) {
      if (cause instanceof Broken) throw new Broken(`${name}: ${cause.message}`, { cause })
      throw cause
    }
  }
  return recomputeNation(nation, checked)
}
