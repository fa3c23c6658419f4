import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { DocumentError, inspectDocument } from '../../protocol/document.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { canonicalJson } from '../kpi/cycle-figures.ts'
import type {
  Condition,
  Criterion,
  Dimension,
  Gate,
  IndicatorRule,
  Model,
  ScoreRule,
} from '../kpi/readiness/model.ts'
import { checkModel } from './check-model.ts'
import { conditionOf } from './conditions.ts'
import { ModelInFile } from './model-schema.ts'
import { modelLimits } from './schema-parts.ts'

/** What a model's file says: the model, and when it shall hold. */
export type ModelDeclared = {
  /** Always a draft: only the log of acts approves a model. */
  readonly model: Model
  /** What the file says of itself. */
  readonly status: 'draft' | 'approved' | 'retired'
  readonly from: EpochMs
  /** Null: until another one takes its place. */
  readonly to: EpochMs | null
}

/**
 * Reads a readiness model's file. `file` is only named in messages. Throws DocumentError with all
 * problems, each with its line and what is allowed instead.
 */
export function readModel(text: string, file: string): Model {
  return readModelFile(text, file).model
}

/** The same, with what the file says of when the model holds. */
export function readModelFile(text: string, file: string): ModelDeclared {
  if (Buffer.byteLength(text) > modelLimits.bytesMax) {
    const message = `must be at most ${modelLimits.bytesMax} bytes`
    throw new DocumentError([{ file, line: null, path: '', message }])
  }
  const { value, problem, problems } = inspectDocument(text, file, ModelInFile)
  checkModel(value, (path, message) => problems.push(problem(path, message)))
  const { hash: stated, ...content } = (value ?? {}) as Partial<ModelInFile>
  const hash = hashOf(content)
  const edited = content.status === 'approved' ? wrongHash(stated, hash) : null
  if (edited !== null) problems.push(problem(['hash'], edited))
  if (problems.length > 0) throw new DocumentError(problems)
  // Nothing was found that differs from the schema.
  const known = value as ModelInFile
  const { from, to, timezone } = known.effective
  const model = modelOf(known, hash)
  const { charactersMax } = modelLimits
  if (JSON.stringify(model).length > charactersMax) {
    const message = `holds too much text for the log: at most ${charactersMax} characters as JSON`
    throw new DocumentError([{ file, line: null, path: '', message }])
  }
  return {
    model,
    status: known.status,
    from: startOf(from, timezone),
    to: to === null ? null : startOf(to, timezone),
  }
}

/** The model that holds as a draft while none is approved; its file is read once. */
export function loadDefaultModel(): Model {
  defaultModel ??= readModel(
    readFileSync(new URL(defaultModelFile, import.meta.url), 'utf8'),
    defaultModelFile,
  )
  return defaultModel
}

let defaultModel: Model | undefined

/** Name of the default model's file, beside this one. */
const defaultModelFile = 'readiness-1.0.0.yaml'

/** A file says the same whatever it says of its approval. */
function hashOf({ status: _status, ...content }: Partial<ModelInFile>): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

function wrongHash(stated: unknown, hash: string): string | null {
  if (stated === hash) return null
  const remedy = 'raise its version and make it a draft again'
  return stated === undefined
    ? 'an approved file must name what was approved; without it, its status must be draft'
    : `the file was changed after it was approved: undo the change, or ${remedy}`
}

function startOf(day: string, timezone: string): EpochMs {
  return Temporal.PlainDate.from(day).toZonedDateTime(timezone).epochMilliseconds
}

function modelOf(file: ModelInFile, hash: string): Model {
  const { id, version, label, target, missing, levels, dimensions, enabled } = file
  return {
    ...{ id, version, hash, status: 'draft', label, targetRatio: target.value / 100 },
    missing: {
      minAvailableRatio: missing.min_available,
      maxNotApplicableRatio: missing.max_na,
      staleMeasuredDays: missing.stale_days.measured,
      staleDeclaredDays: missing.stale_days.declared,
    },
    levels: levels.map(({ min, ...level }) => ({ ...level, minRatio: min / 100 })),
    dimensions: dimensions.map(dimensionOf),
    enabled: enabled.map(criterionOf),
  }
}

function dimensionOf(dimension: ModelInFile['dimensions'][number]): Dimension {
  return { ...dimension, indicators: dimension.indicators.map(indicatorOf) }
}

type IndicatorInFile = ModelInFile['dimensions'][number]['indicators'][number]

function indicatorOf(indicator: IndicatorInFile): IndicatorRule {
  const { id, weight, metric, rollup, score, gate, na, label, advice } = indicator
  return {
    ...{ id, weight, metric, rollup: rollup.hosts, score: scoreOf(score) },
    gate: gate ? gateOf(gate) : null,
    ...{ mayNotApply: na.allowed, label, advice },
  }
}

function scoreOf(score: IndicatorInFile['score']): ScoreRule {
  if (score.fn !== 'lin') return score
  return { fn: 'lin', zeroAt: score.zero_at, fullAt: score.full_at }
}

function gateOf({ when, scope, cap_level }: NonNullable<IndicatorInFile['gate']>): Gate {
  return { when: checked(when), scope, capLevel: cap_level }
}

function criterionOf({ conditions, ...criterion }: ModelInFile['enabled'][number]): Criterion {
  const all = conditions.map(({ metric, when, scope, na }) => {
    return { ...checked(when), metric, scope, mayNotApply: na.allowed }
  })
  return { ...criterion, conditions: all }
}

/** A condition whose form the schema has checked. */
function checked(text: string): Condition {
  const condition = conditionOf(text)
  if (!condition) throw new Error(`The schema let a condition through: ${text}`)
  return condition
}
