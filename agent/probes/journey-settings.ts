import { isLoopback } from '../targets.ts'
import type { SettingProblem } from './all.ts'
import { statusSetting } from './http.ts'
import type { SettingsOf } from './settings.ts'

/** One field of a form: its value is written here, or stands in a file, or on the last page. */
const field = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      isFreeText: true,
      description: 'Name of the field, as the form has it.',
    },
    value: {
      type: 'string',
      maxLength: 2_000,
      isFreeText: true,
      description: 'What to send. Not for secrets.',
    },
    fromFile: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      isFreeText: true,
      description: 'Sends what `fieldsFile` holds under this name, by https only.',
    },
    fromPage: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      isFreeText: true,
      description: 'Sends the hidden field of this name of the page before, such as a CSRF token.',
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const

const pageText = { type: 'string', minLength: 1, maxLength: 200, isFreeText: true } as const

const step = {
  type: 'object',
  properties: {
    url: {
      type: 'string',
      maxLength: 2_000,
      pattern: '^https?://[^\\s/?#@]+([/?#]\\S*)?$',
      patternErrorMessage: 'must be an http or https address, without user name or password',
      description: 'Address to ask. The first step must have one.',
    },
    path: {
      type: 'string',
      maxLength: 2_000,
      pattern: '^/(?![/\\\\])\\S*$',
      patternErrorMessage: 'must be a path that begins with one slash',
      isFreeText: true,
      description: 'Instead of `url`: a path of the host where the step before ended.',
    },
    method: {
      type: 'string',
      enum: ['GET', 'POST'],
      default: 'GET',
      description: 'POST sends the fields of a form.',
    },
    fields: {
      type: 'array',
      maxItems: 50,
      items: field,
      default: [],
      description: 'Fields of the form that a POST sends.',
    },
    status: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: statusSetting,
      default: ['200-399'],
      description: 'Status codes expected, as for `http`.',
    },
    bodyIncludes: { ...pageText, description: 'Text (UTF-8) that must stand in the page.' },
    bodyExcludes: { ...pageText, description: 'Text that must not, such as that of an error.' },
    followRedirects: {
      type: 'boolean',
      default: false,
      description: 'Goes where redirects lead, within the hosts of this journey and never to http.',
    },
  },
  required: [],
  additionalProperties: false,
} as const

export const settings = {
  type: 'object',
  properties: {
    steps: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: step,
      description: 'What the visitor does, in order. Cookies are kept until the journey ends.',
    },
    hosts: {
      type: 'array',
      maxItems: 20,
      items: {
        type: 'string',
        minLength: 1,
        maxLength: 260,
        pattern: '^([^\\s/?#@:\\[\\]]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$',
        patternErrorMessage: 'must be a host, with its port where that is not the usual one',
      },
      default: [],
      description: 'Hosts that redirects may lead to, beside those of the steps.',
    },
    fieldsFile: {
      type: 'string',
      minLength: 1,
      maxLength: 1_000,
      pattern: '^(/|[A-Za-z]:[\\\\/])[^\\u0000]*$',
      patternErrorMessage: 'must be an absolute path',
      isFreeText: true,
      description: 'File of `name=value` lines for secret fields; mode 600 or 640.',
    },
    trust: {
      type: 'string',
      enum: ['system', 'any'],
      default: 'system',
      description:
        'https: system: the journey ends at a certificate a browser would refuse. any: it goes on.',
    },
    bodyBytesMax: {
      type: 'integer',
      minimum: 65_536,
      maximum: 1_048_576,
      default: 262_144,
      description: 'How much of each page is read.',
    },
    slowSeconds: {
      type: 'number',
      minimum: 0.001,
      maximum: 3_600,
      description: 'Degraded (slow) when the whole journey takes longer.',
    },
  },
  required: ['steps'],
  additionalProperties: false,
} as const
/** What a journey may be told. */
export type JourneySettings = SettingsOf<typeof settings>
/** One step of it. */
export type JourneyStep = JourneySettings['steps'][number]
/** One field that a step sends. */
export type JourneyField = JourneyStep['fields'][number]

/** What the schema cannot say of steps: what goes with what. */
export function* problems(settings: JourneySettings): Generator<SettingProblem, void, undefined> {
  for (const [index, host] of settings.hosts.entries()) {
    if (!URL.canParse(`http://${host}`)) yield { path: ['hosts', index], message: 'is no host' }
  }
  for (const [index, step] of settings.steps.entries()) {
    const path = ['steps', index]
    if (step.url !== undefined && !URL.canParse(step.url)) {
      yield { path: [...path, 'url'], message: 'is no address' }
      continue
    }
    if (index === 0 && step.url === undefined) yield { path, message: 'missing "url"' }
    if ((step.url === undefined) === (step.path === undefined)) {
      yield { path, message: 'must have either "url" or "path"' }
    }
    if (step.fields.length > 0 && step.method === 'GET') {
      yield { path: [...path, 'fields'], message: 'must go with method: POST' }
    }
    for (const [place, field] of step.fields.entries()) {
      const at = [...path, 'fields', place]
      const message = badField(field, step, settings, index)
      if (message !== null) yield { path: at, message }
    }
  }
}

function badField(
  { value, fromFile, fromPage }: JourneyField,
  { url }: JourneyStep,
  settings: JourneySettings,
  index: number,
): string | null {
  const given = [value, fromFile, fromPage].filter((each) => each !== undefined)
  if (given.length !== 1) return 'must have one of "value", "fromFile", "fromPage"'
  if (fromPage !== undefined && index === 0) return 'fromPage needs a step before it'
  if (fromFile === undefined) return null
  if (settings.fieldsFile === undefined) return 'fromFile needs the setting fieldsFile'
  if (url === undefined || maySendSecrets(new URL(url), settings)) return null
  return settings.trust === 'any' ? 'fromFile needs trust: system' : 'fromFile needs https'
}

/** Whether a secret may go to an address: to a server that proves itself, or within this host. */
export function maySendSecrets(url: URL, { trust }: Pick<JourneySettings, 'trust'>): boolean {
  return (url.protocol === 'https:' && trust === 'system') || isLoopback(url.href)
}
