import { readConfig } from '../config.ts'
import { ask } from './admin.ts'
import { readAdminFile } from './admin-file.ts'
import { type Command, needed, text } from './command.ts'
import { instant } from './table.ts'
import { whyOption } from './why.ts'

/** Lets a named person in. The link alone goes to standard output. */
export const signInLink: Command = {
  about: 'Make a link that lets a named person in once.',
  details: `A name is one account for ever, with one role and institution. The link works once,
within 15 minutes; under which address others reach the board, this command does not know: put it
in place of the one printed. Each link stands in the log.`,
  options: {
    name: { type: 'string', value: 'ID', about: 'small letters, digits, hyphens; must be given' },
    role: {
      type: 'string',
      value: 'ROLE',
      about: 'admin, ministry, evaluator, institution or auditor; must be given',
    },
    institution: { type: 'string', value: 'ID', about: 'with the role institution, which one' },
    why: { ...whyOption, about: 'why, 3 to 300 characters; stands in the log' },
  },
  run: async (context, values) => {
    const institution = text(values, 'institution')
    const asked = {
      name: needed(values, 'name'),
      role: needed(values, 'role'),
      ...(institution !== undefined && { institution }),
      why: text(values, 'why') ?? 'to sign in',
    }
    const made = await ask<{ path: string; expiresAt: number }>(
      context,
      '/api/v1/sign-in-links',
      asked,
    )
    const { url } = readAdminFile(readConfig(context.environment).dataDir)
    context.out(`${url}${made.path}\n`)
    context.err(`Good once, until ${instant(made.expiresAt)}.\n`)
    return 0
  },
}
