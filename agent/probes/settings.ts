type Scalars = { string: string; integer: number; number: number; boolean: boolean }

/** One setting of a probe: the part of JSON Schema that the config check, editors and docs need. */
export type Setting = {
  readonly type: keyof Scalars | 'array' | readonly (keyof Scalars)[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly items?: Setting
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  /** What the pattern asks for, for whoever wrote something else. */
  readonly patternErrorMessage?: string
}

/** What a probe may be told in `agent.yaml`, beside what every check has. */
export type SettingsSchema = {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, Setting>>
  readonly required: readonly string[]
  readonly additionalProperties: false
}

type ValueOf<P> = P extends { enum: readonly (infer V)[] }
  ? V
  : P extends { type: 'array'; items: infer I }
    ? readonly ValueOf<I>[]
    : P extends { type: readonly (infer T extends keyof Scalars)[] }
      ? Scalars[T]
      : P extends { type: infer T extends keyof Scalars }
        ? Scalars[T]
        : never

type Present<S extends SettingsSchema> = {
  [K in keyof S['properties']]: K extends S['required'][number]
    ? K
    : S['properties'][K] extends { default: unknown }
      ? K
      : never
}[keyof S['properties']]

/** The settings a probe is handed: required ones and those with a default are always there. */
export type SettingsOf<S extends SettingsSchema> = {
  readonly [K in Present<S>]: ValueOf<S['properties'][K]>
} & {
  readonly [K in Exclude<keyof S['properties'], Present<S>>]?: ValueOf<S['properties'][K]>
}

/**
 * The settings as given, with the defaults of what was left out. They must have passed the schema:
 * the type takes them at their word.
 */
export function withDefaults<S extends SettingsSchema>(
  schema: S,
  given: Readonly<Record<string, unknown>>,
): SettingsOf<S> {
  const filled: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(schema.properties)) {
    const value = given[name] ?? setting.default
    if (value !== undefined) filled[name] = value
  }
  return filled as SettingsOf<S>
}
