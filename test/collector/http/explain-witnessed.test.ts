import { expect, test } from 'vitest'
import type { LostAnswer } from '../../../collector/http/views.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { type Observer, WitnessedNation } from '../../support/witnessed-nation.ts'

test('what witnesses decided is proved with their messages, and with no others', async () => {
  using folder = temporaryFolder()
  const nation = await new WitnessedNation(folder.path).open()
  await nation.watch()
  const down = nation.clock.at
  await nation.watch({ north: 'down', south: 'down' })
  const up = nation.clock.at
  await nation.watch()
  await nation.watch()
  await nation.collector.evaluate()
  const url = '/api/v1/institutions/health/environments/portal/lost'
  const { stretches, attestedMs } = (await nation.collector.ask(url)).json() as LostAnswer
  const found = stretches.find(({ from }) => from === down)!
  expect(found).toMatchObject({
    ...{ to: up, state: 'down', cause: 'network', owner: 'carrier', attested: 'both' },
    checks: [],
  })
  const idOf = (name: Observer) => nation.agents.get(name)!.agent
  const told = found.messages.map(({ log, agent }) => `${log} ${agent}`)
  expect(told.sort()).toEqual([`national ${idOf('north')}`, `national ${idOf('south')}`].sort())
  for (const { covering } of found.messages) expect(covering.map(({ seq }) => seq)).toContain(2)
  expect(attestedMs.both).toBeGreaterThanOrEqual(10 * minuteMs)
  await nation.collector.close()
  expect(nation.collector.fatal).toEqual([])
})
