import { AppError } from '../error.ts'
import { ask } from './admin.ts'
import { type Command, needed, text, texts, type Values } from './command.ts'
import { instant } from './table.ts'

/** Makes a token. Its text alone goes to standard output, so that it can be sent to a file. */
export const token: Command = {
  about: 'Make an enrolment token and print it; it is shown this once.',
  details: `The token alone is printed to standard output, so that it can go to a file:
  collector token --institution health --environment portal > token`,
  options: {
    institution: { type: 'string', value: 'ID', about: 'whose hosts may join; must be given' },
    environment: { type: 'string', value: 'ID', about: 'where they join; must be given' },
    uses: { type: 'string', value: 'COUNT', about: 'how many hosts may join; default 1, most 500' },
    hours: { type: 'string', value: 'HOURS', about: 'how long it is good; default 24, most 72' },
    subnet: {
      type: 'string',
      value: 'CIDR',
      multiple: true,
      about: 'a network hosts must join from, e.g. 192.0.2.0/24; may be repeated',
    },
    approval: { type: 'boolean', about: 'each host waits until it is approved' },
  },
  run: async (context, values) => {
    const subnets = texts(values, 'subnet')
    const usesMax = whole(values, 'uses')
    const lifeHours = whole(values, 'hours')
    const asked = {
      institution: needed(values, 'institution'),
      environment: needed(values, 'environment'),
      ...(usesMax !== undefined && { usesMax }),
      ...(lifeHours !== undefined && { lifeHours }),
      ...(subnets.length > 0 && { subnets }),
      approval: values.approval === true,
    }
    const made = await ask<{ token: string; id: string; expiresAt: number }>(
      context,
      '/api/v1/tokens',
      asked,
    )
    context.out(`${made.token}\n`)
    context.err(`Token ${made.id}, good until ${instant(made.expiresAt)}.\n`)
    return 0
  },
}

function whole(values: Values, name: string): number | undefined {
  const value = text(values, name)
  if (value === undefined) return undefined
  if (/^\d{1,6}$/.test(value)) return Number(value)
  throw new AppError('configuration', `--${name} must be a whole number.`)
}
