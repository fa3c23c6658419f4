type Scalars = { string: string; integer: number; number: number; boolean: boolean }

/** One setting of a probe: the part of JSON Schema that the config check, editors and docs need. */
export type Setting = {
  readonly type: keyof Scalars | 'array' | 'object' | readonly (keyof Scalars)[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly items?: Setting
  /** Of an object, which may stand in a list: a step, a field. */
  readonly properties?: SettingsSchema['properties']
  readonly required?: readonly string[]
  readonly additionalProperties?: false
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  /** What the pattern asks for, for whoever wrote something else. */
  readonly patternErrorMessage?: string
  /** True for a text that is never an address, whatever it looks like. */
  readonly isFreeText?: true
}

/** A name or an address to look at, without its port: what each kind says of it comes beside. */
export const hostSetting = {
  type: 'string',
  minLength: 1,
  maxLength: 253,
  pattern: '^[^\\s/]+$',
  patternErrorMessage: 'must be a name or an address, without port',
} as const

/** What a probe may be told in `agent.yaml`, beside what every check has. */
export type SettingsSchema = {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, Setting>>
  readonly required: readonly string[]
  readonly additionalProperties: false
}

type ValueOf<P> = P extends { enum: readonly (infer V)[] }
  ? V
  : P extends SettingsSchema
    ? SettingsOf<P>
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

/** Whether a setting is made of settings of its own. */
export function isNested(setting: Setting): setting is Setting & SettingsSchema {
  return setting.type === 'object'
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
    if (value !== undefined) filled[name] = filledIn(setting, value)
  }
  return filled as SettingsOf<S>
}

function filledIn(setting: Setting, value: unknown): unknown {
  const { items } = setting
  if (isNested(setting)) return withDefaults(setting, value as Record<string, unknown>)
  return items && Array.isArray(value) ? value.map((item) => filledIn(items, item)) : value
}

/** A text among settings and where it stands: names, and positions in lists. */
export type SettingText = { readonly path: readonly (string | number)[]; readonly text: string }

/** Every text among the settings that may be an address. */
export function* addressesIn(
  setting: Setting,
  value: unknown,
  path: SettingText['path'] = [],
): Generator<SettingText, void, undefined> {
  const { properties = {}, items } = setting
  if (typeof value === 'string' && !setting.isFreeText) yield { path, text: value }
  else if (Array.isArray(value) && items) {
    for (const [index, item] of value.entries()) yield* addressesIn(items, item, [...path, index])
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(properties)) {
      const content = (value as Record<string, unknown>)[name]
      yield* addressesIn(inner, content, [...path, name])
    }
  }
}
