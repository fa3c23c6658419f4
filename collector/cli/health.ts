import { ask } from './admin.ts'
import type { Command } from './command.ts'

/** What a container's engine asks: exit status 0 when the collector answers. */
export const health: Command = {
  about: 'Ask whether the collector that runs here answers.',
  run: async (context) => {
    const { status } = await ask<{ status: string }>(context, '/healthz')
    context.out(`${status}\n`)
    return 0
  },
}
