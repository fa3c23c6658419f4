import { type Static, Type } from 'typebox'
import { checkKindNames, reasons, states } from './check.ts'
import { limits } from './limits.ts'
import {
  BootId,
  ClockReading,
  Count,
  displayText,
  Id,
  Milliseconds,
  Sequence,
  Sha256,
  SpanSchema,
} from './schema.ts'

const closed = { additionalProperties: false } as const

/**
 * A check as its owner declares it. The address stays on the host; the label is what others see.
 */
export const CheckDefinition = Type.Object(
  {
    check: Id,
    kind: Type.Enum(checkKindNames),
    intervalMs: Type.Integer({ minimum: limits.intervalMsMin, maximum: limits.intervalMsMax }),
    label: Type.Optional(displayText(limits.labelCharactersMax)),
  },
  closed,
)
export type CheckDefinition = Static<typeof CheckDefinition>

/** One state of one check over a half-open stretch of boot time. */
export const Run = Type.Object(
  {
    check: Id,
    state: Type.Enum([...states]),
    from: Milliseconds,
    to: Milliseconds,
    count: Count,
    reason: Type.Optional(Type.Enum([...reasons])),
  },
  closed,
)
export type Run = Static<typeof Run>

/**
 * The checks without news, in definition order: each goes on in its last state through the
 * instant given; null stands for a check that is listed under `runs` or has nothing decided.
 */
export const Steady = Type.Object(
  {
    checks: Sha256,
    through: Type.Array(Type.Union([Milliseconds, Type.Null()]), { maxItems: limits.checksMax }),
    counts: Type.Array(Count, { maxItems: limits.checksMax }),
  },
  closed,
)
export type Steady = Static<typeof Steady>

/**
 * The values of one check over the time since the last such fact, on a log scale: `buckets` holds
 * pairs [index, count]; index i covers [2^(i/4), 2^((i+1)/4)), so that percentiles can be merged.
 */
export const Histogram = Type.Object(
  {
    n: Count,
    min: Type.Number(),
    max: Type.Number(),
    last: Type.Number(),
    buckets: Type.Array(
      Type.Array(Type.Integer({ minimum: -200, maximum: Number.MAX_SAFE_INTEGER }), {
        minItems: 2,
        maxItems: 2,
      }),
      { maxItems: limits.bucketsMax },
    ),
  },
  closed,
)
export type Histogram = Static<typeof Histogram>

/**
 * A measured value: a readiness indicator, or `check.<name>` with the histogram of a check's values
 * (`check.<name>.<part>` of what it tells beside). `detail` says in words of the host what it rests
 * on, such as `Debian 12; supported until 2028-06-30`; no personal data.
 */
export const Fact = Type.Object(
  {
    indicator: Type.String({ pattern: '^[a-z0-9][a-z0-9_.-]{0,99}$' }),
    at: Milliseconds,
    value: Type.Union([
      Histogram,
      Type.Number(),
      Type.Boolean(),
      Type.Null(),
      Type.String({ maxLength: limits.detailCharactersMax }),
    ]),
    /** How it was measured, such as `os-release` or `dnf`. */
    method: Type.Optional(Type.String({ pattern: '^[a-z0-9][a-z0-9+_.-]{0,59}$' })),
    /**
     * Why there is no value, which is null then: one of `missingReasons`. A newer agent may know
     * more of them, and evidence of outages must not be refused for that.
     */
    missing: Type.Optional(Type.String({ pattern: '^[a-z][a-z_]{0,39}$' })),
    detail: Type.Optional(displayText(limits.detailCharactersMax)),
  },
  closed,
)
export type Fact = Static<typeof Fact>

/** A stretch in which the agent itself did not look, and why. */
export const Pause = Type.Object(
  { from: Milliseconds, to: Milliseconds, why: Type.Enum(['agent_stopped', 'suspended']) },
  closed,
)
export type Pause = Static<typeof Pause>

/** What an agent saw since the batch before; signed, numbered, chained. Times are boot time. */
export const Batch = Type.Object(
  {
    v: Type.Literal(1),
    agent: Id,
    epoch: Sequence,
    seq: Sequence,
    prev: Sha256,
    boot: BootId,
    sealed: ClockReading,
    window: SpanSchema,
    runs: Type.Array(Run, { maxItems: limits.runsMax }),
    steady: Steady,
    facts: Type.Array(Fact, { maxItems: limits.factsMax }),
    pauses: Type.Array(Pause, { maxItems: limits.pausesMax }),
    checks: Type.Optional(Type.Array(CheckDefinition, { maxItems: limits.checksMax })),
  },
  closed,
)
export type Batch = Static<typeof Batch>
