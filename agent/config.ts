import { type TSchema, Type } from 'typebox'
import type { CheckDefinition } from '../protocol/batch.ts'
import { DocumentError, documentLimits, readDocument } from '../protocol/document.ts'
import { explain, type Path } from '../protocol/explain.ts'
import { indicatorNames } from '../protocol/indicators.ts'
import { isFields } from '../protocol/keywords.ts'
import { limits } from '../protocol/limits.ts'
import { displayText, Id } from '../protocol/schema.ts'
import { hourMs, minuteMs, secondMs } from '../protocol/time.ts'
import { definitionsOf, type FrozenCheck, type FrozenConfig, type FrozenFacts } from './frozen.ts'
import { type ProbeEntry, type ProbeKind, probes } from './probes/all.ts'
import {
  addressesIn,
  isNested,
  type Setting,
  type SettingsSchema,
  withDefaults,
} from './probes/settings.ts'
import { definitionsBytesMax } from './seal.ts'
import { isCloudMetadata, isLoopback } from './targets.ts'

const unitMs = { s: secondMs, m: minuteMs, h: hourMs } as const
const defaults = { interval: '60s', timeoutMs: 10 * secondMs, factsEvery: '6h' } as const
const factsEveryMs = { min: hourMs, max: 24 * hourMs } as const

const duration = (description: string) =>
  Type.String({
    title: 'a time such as 30s, 5m or 1h',
    pattern: '^[1-9][0-9]{0,5}[smh]$',
    patternErrorMessage: 'must be a time such as 30s, 5m or 1h',
    description,
  })

/** What every check may be told, whatever its kind. */
const common = {
  name: Id,
  interval: Type.Optional(duration('How often to look. Default 60s; from 5s to 1h.')),
  timeout: Type.Optional(duration('How long a look may take. Default 10s, or the interval.')),
  label: Type.Optional(
    Type.Unsafe<string>({
      ...displayText(limits.labelCharactersMax),
      description: 'What others read beside the name. It leaves this host; addresses do not.',
    }),
  ),
}

/** A check in `agent.yaml`: what all have in common, and its kind's own settings beside it. */
type CheckYaml = {
  name: string
  kind: ProbeKind
  interval?: string
  timeout?: string
  label?: string
} & Record<string, unknown>

/** The file when the schema found nothing wrong with it. */
type AgentYaml = {
  name: string
  authorities?: string
  facts?: { every?: string; exclude?: string[] }
  metrics?: { port: number }
}

const checkYaml = Type.Union(Object.entries(probes).map(checkSchema))

/** The schema of `agent.yaml`, built from the table of probes. */
const agentYamlSchema = Type.Object(
  {
    apiVersion: Type.Literal('istimrar.agent/v1'),
    collector: Type.String({
      maxLength: 2_000,
      pattern: '^https?://[^/?#@\\s]+/?$',
      patternErrorMessage: 'must be an address such as https://istimrar.example.om, without path',
      description: 'Where to report. http:// is for a collector on this very machine.',
    }),
    name: Id,
    authorities: Type.Optional(
      Type.String({
        maxLength: 1_000,
        minLength: 1,
        description: 'PEM file of certificate authorities to trust beside the known ones.',
      }),
    ),
    facts: Type.Optional(
      Type.Object(
        {
          every: Type.Optional(duration('How often facts are measured. Default 6h; 1h to 24h.')),
          exclude: Type.Optional(
            Type.Array(Type.Enum(indicatorNames), {
              maxItems: indicatorNames.length,
              description: 'Indicators that are neither measured nor sent.',
            }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    metrics: Type.Optional(
      Type.Object(
        {
          port: Type.Integer({
            minimum: 1,
            maximum: 65_535,
            description: 'Port on 127.0.0.1 where the own Prometheus of this host may ask.',
          }),
        },
        { additionalProperties: false },
      ),
    ),
    checks: Type.Array(checkYaml, { minItems: 1, maxItems: limits.checksMax }),
  },
  { additionalProperties: false },
)

/**
 * Reads `agent.yaml`; `file` is only named in messages. Throws DocumentError with all problems:
 * also what no schema can say is looked for in each part that is well formed by itself.
 */
export function readConfig(text: string, file: string): FrozenConfig {
  const { value, problem } = readDocument(text, file, Type.Unknown())
  const problems = [...explain(agentYamlSchema, value).take(documentLimits.problemsMax)].map(
    ({ path, message }) => problem(path, message),
  )
  const given = isFields(value) ? value : {}
  const { collector } = given
  if (typeof collector === 'string' && collector.startsWith('http:') && !isLoopback(collector)) {
    const message = 'must start with https:// unless the collector is on this very machine'
    problems.push(problem(['collector'], message))
  }
  const names = new Set<unknown>()
  const checks: FrozenCheck[] = []
  for (const [index, check] of (Array.isArray(given.checks) ? given.checks : []).entries()) {
    const at = (path: Path, message: string) =>
      problems.push(problem(['checks', index, ...path], message))
    if (!isFields(check)) continue
    if (names.has(check.name)) at(['name'], `another check is named ${check.name} already`)
    names.add(check.name)
    // That nothing is wrong with it is what makes it a check.
    if (explain(checkYaml, check).next().done) checks.push(freeze(check as CheckYaml, at))
  }
  const every = isFields(given.facts) ? given.facts.every : undefined
  if (typeof every === 'string' && /^[1-9][0-9]{0,5}[smh]$/.test(every)) {
    const everyMs = durationMs(every)
    if (everyMs < factsEveryMs.min || everyMs > factsEveryMs.max) {
      problems.push(problem(['facts', 'every'], 'must be from 1h to 24h'))
    }
  }
  if (bytesOf(definitionsOf({ checks })) > definitionsBytesMax) {
    problems.push(problem(['checks'], 'names and labels are too long altogether; shorten labels'))
  }
  if (problems.length > 0) {
    throw new DocumentError(problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)))
  }
  const { name, authorities, metrics } = given as AgentYaml
  return {
    collector: String(collector),
    name,
    ...(authorities !== undefined && { authorities }),
    facts: freezeFacts(given as AgentYaml),
    ...(metrics && { metricsPort: metrics.port }),
    checks,
  }
}

function freezeFacts({ facts = {} }: AgentYaml): FrozenFacts {
  return { everyMs: durationMs(facts.every ?? defaults.factsEvery), exclude: facts.exclude ?? [] }
}

function freeze(check: CheckYaml, problem: (path: Path, message: string) => void): FrozenCheck {
  const { name, kind, interval = defaults.interval, timeout, label, ...given } = check
  const entry = entryOf(kind)
  const intervalMs = durationMs(interval)
  if (intervalMs < limits.intervalMsMin || intervalMs > limits.intervalMsMax) {
    problem(['interval'], 'must be from 5s to 1h')
  } else if (intervalMs < (entry.restMs ?? 0)) {
    const seconds = (entry.restMs ?? 0) / secondMs
    problem(['interval'], `must be at least ${seconds}s: each look starts a program`)
  }
  const timeoutMs = timeout ? durationMs(timeout) : Math.min(defaults.timeoutMs, intervalMs)
  if (timeoutMs > intervalMs) problem(['timeout'], 'must not be longer than the interval')
  for (const { path, text } of addressesIn(entry.settings, given)) {
    if (isCloudMetadata(text)) problem(path, "must not name a cloud's metadata service")
  }
  const settings = withDefaults(entry.settings, given)
  for (const { path, message } of entry.problems?.(settings, { intervalMs, timeoutMs }) ?? []) {
    problem(path, message)
  }
  return { check: name, kind, intervalMs, timeoutMs, ...(label && { label }), settings }
}

function entryOf(kind: ProbeKind): ProbeEntry {
  return probes[kind]
}

function checkSchema([kind, { settings }]: [string, ProbeEntry]): TSchema {
  const properties = { ...common, kind: Type.Literal(kind), ...propertiesOf(settings) }
  return Type.Object(properties, { additionalProperties: false })
}

function propertiesOf({ properties, required }: Pick<SettingsSchema, 'properties' | 'required'>) {
  const own = Object.entries(properties).map(([name, setting]) => {
    const schema = schemaOf(setting)
    return [name, required.includes(name) ? schema : Type.Optional(schema)] as const
  })
  return Object.fromEntries(own)
}

/**
 * A setting as readers of files explain it: several types become one alternative each. Defaults
 * are no matter of validity; `withDefaults` fills them in.
 */
function schemaOf(setting: Setting): TSchema {
  if (isNested(setting)) {
    return Type.Object(propertiesOf(setting), { additionalProperties: false })
  }
  const { type, items, default: _, isFreeText: __, ...rest } = setting
  if (typeof type === 'string') {
    return Type.Unsafe({ type, ...rest, ...(items && { items: schemaOf(items) }) })
  }
  return Type.Union(type.map((each) => schemaOf({ ...rest, type: each })))
}

function durationMs(text: string): number {
  const unit = text.at(-1) as keyof typeof unitMs // the schema's pattern allows no other
  return Number(text.slice(0, -1)) * unitMs[unit]
}

function bytesOf(definitions: readonly CheckDefinition[]): number {
  return Buffer.byteLength(JSON.stringify(definitions))
}
