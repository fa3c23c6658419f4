import { readConfig } from '../config.ts'
import { restore as putBack } from '../operations/restore.ts'
import { type Command, text } from './command.ts'

/** Puts a backup in the place of the data of a stopped collector. */
export const restore: Command = {
  about: 'Put a backup in place; the collector must be stopped.',
  operands: ['FOLDER'],
  options: {
    force: { type: 'boolean', about: 'Move data that are there aside.' },
    actor: { type: 'string', value: 'NAME', about: 'Who does it, for the log; default collector.' },
    why: { type: 'string', value: 'TEXT', about: 'Why, for the log.' },
  },
  details:
    'The log key must be in DATA_DIR before. Agents send again what they still have; what they\n' +
    'have no more they declare as lost. See docs/operations.md.',
  run: async ({ environment, now, out }, values, [folder = '']) => {
    const { dataDir } = readConfig(environment)
    const actor = text(values, 'actor') ?? 'collector'
    const why = text(values, 'why') ?? 'restored from a backup'
    const force = values.force === true
    const { manifest, movedTo } = await putBack({ dataDir, folder, force, actor, why, at: now() })
    out(`Restored the evidence of ${new Date(manifest.at).toISOString()} into ${dataDir}.\n`)
    if (movedTo) out(`What was there is in ${movedTo}.\n`)
    out('Acts of people since then are gone: repeat enrolments and revocations.\n')
    return 0
  },
}
