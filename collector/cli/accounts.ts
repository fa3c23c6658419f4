import { readConfig } from '../config.ts'
import type { AccountView, Link } from '../people/accounts.ts'
import { ask } from './admin.ts'
import { readAdminFile } from './admin-file.ts'
import { type Command, type Context, needed, text, type Values } from './command.ts'
import { idOf, runAct } from './operands.ts'
import { instant, tableOf } from './table.ts'
import { whyOption } from './why.ts'

const heads = ['ACCOUNT', 'ROLE', 'INSTITUTION', 'SIGNS IN BY', 'LINK UNTIL', 'MADE', 'ENDED']

const path = '/api/v1/accounts'

const acts: Parameters<typeof runAct>[0] = {
  list: async (context) => {
    const { accounts: all } = await ask<{ accounts: AccountView[] }>(context, path)
    return tableOf(heads, all.map(rowOf))
  },
  make: async (context, values) => {
    const body = { id: idOf(values, 'name'), ...grantOf(values), why: needed(values, 'why') }
    const { account, link } = await ask<{ account: AccountView; link: Link | null }>(
      context,
      path,
      body,
    )
    if (link) return shown(context, link)
    return `Account ${account.id} signs in at the identity provider.\n`
  },
  link: async (context, values) => {
    const body = { why: needed(values, 'why') }
    return shown(context, await ask<Link>(context, `${pathOf(values)}/link`, body))
  },
  change: async (context, values) => {
    const body = { ...grantOf(values), why: needed(values, 'why') }
    const { id, role } = await ask<AccountView>(context, pathOf(values), body)
    return `Account ${id} is ${role}; its sessions have ended.\n`
  },
  end: async (context, values) => {
    const { id } = await ask<AccountView>(context, `${pathOf(values)}/end`, {
      why: needed(values, 'why'),
    })
    return `Account ${id} has ended.\n`
  },
}

/** Accounts of people, as the local administrator. */
export const accounts: Command = {
  about: 'List, make, change or end accounts; make links for them.',
  operands: ['ACT'],
  details: `ACT is ${Object.keys(acts).join(', ')}. make and link print a link
to standard output that lets its bearer set a password, once, within 72 hours; link ends what was
signed in with before. Under which address others reach the board, this command does not know: put
it in place of the one printed.`,
  options: {
    name: {
      type: 'string',
      value: 'ID',
      about: 'small letters, digits, hyphens; for all but list',
    },
    role: {
      type: 'string',
      value: 'ROLE',
      about: 'admin, ministry, evaluator, institution or auditor; for make and change',
    },
    institution: { type: 'string', value: 'ID', about: 'with the role institution, which one' },
    external: {
      type: 'string',
      value: 'NAME',
      about: 'what the identity provider calls the person; kept as a hash',
    },
    why: whyOption,
  },
  run: runAct(acts),
}

function grantOf(values: Values) {
  const [institution, external] = [text(values, 'institution'), text(values, 'external')]
  return {
    role: needed(values, 'role'),
    ...(institution !== undefined && { institution }),
    ...(external !== undefined && { external }),
  }
}

function pathOf(values: Values): string {
  return `${path}/${idOf(values, 'name')}`
}

function shown(context: Context, { path: way, expiresAt }: Link): string {
  const { url } = readAdminFile(readConfig(context.environment).dataDir)
  context.err(`Good once, until ${instant(expiresAt)}.\n`)
  return `${url}${way}\n`
}

function rowOf(account: AccountView): string[] {
  const { id, role, institution, linkExpiresAt, madeAt, endedAt } = account
  const way = [instant(linkExpiresAt), instant(madeAt), instant(endedAt)]
  return [id, role, institution ?? '-', waysOf(account), ...way]
}

function waysOf({ isExternal, hasPassword, hasSecondFactor }: AccountView): string {
  if (isExternal) return 'provider'
  if (!hasPassword) return '-'
  return hasSecondFactor ? 'password and code' : 'password'
}
