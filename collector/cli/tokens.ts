import { ask } from './admin.ts'
import type { Command } from './command.ts'
import { instant, tableOf } from './table.ts'

type Token = {
  readonly id: string
  readonly institution: string
  readonly environment: string
  readonly state: string
  readonly uses: number
  readonly usesMax: number
  readonly expiresAt: number
  readonly subnets: readonly string[] | null
  readonly approval: boolean
}

const heads = ['TOKEN', 'STATE', 'USED', 'ENDS', 'INSTITUTION', 'ENVIRONMENT', 'APPROVAL', 'FROM']

/** Lists tokens; their texts are nowhere. */
export const tokens: Command = {
  about: 'List enrolment tokens.',
  run: async (context) => {
    const answer = await ask<{ tokens: readonly Token[] }>(context, '/api/v1/tokens')
    const rows = answer.tokens.map((token) => [
      token.id,
      token.state,
      `${token.uses}/${token.usesMax}`,
      instant(token.expiresAt),
      token.institution,
      token.environment,
      token.approval ? 'yes' : 'no',
      token.subnets?.join(' ') ?? 'anywhere',
    ])
    context.out(tableOf(heads, rows))
    return 0
  },
}
