import { expect, test } from 'vitest'
import { type Context, runCommand } from '../../../collector/cli/command.ts'
import { hooks } from '../../../collector/cli/hooks.ts'

test.each([
  ['an unknown action', ['remove'], 'ACTION must be one of list, test, deliveries.'],
  ['a name every object has', ['constructor'], 'ACTION must be one of list, test, deliveries.'],
  ['a trial of no hook', ['test'], 'Say which: collector hooks test HOOK'],
  ['a page of nothing', ['deliveries', '--limit', '0'], '--limit must be 1 to 1000.'],
  ['a page too long', ['deliveries', '--limit', '1001'], '--limit must be 1 to 1000.'],
  [
    'an unknown state',
    ['deliveries', '--state', 'lost'],
    '--state must be one of waiting, delivered, refused, given_up, dropped.',
  ],
])('is refused before anybody is asked: %s', async (_what, args, message) => {
  const context: Context = { environment: {}, now: () => 0, out: () => {}, err: () => {} }
  const refused = runCommand('hooks', hooks, context, args)
  await expect(refused).rejects.toMatchObject({ code: 'configuration', message })
})
