import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { factsOf } from '../../../agent/facts/all.ts'
import { parseReadings } from '../../../agent/facts/reading.ts'
import { readKept, writeKept } from '../../../agent/facts/state.ts'
import { version } from '../../../agent/version.ts'
import { indicators } from '../../../protocol/indicators.ts'
import { command as run } from '../../support/agent-command.ts'
import { agentYaml, temporaryFolder } from '../../support/agent-folder.ts'

// This very machine is measured: what it is nobody knows, so only what must hold anywhere is looked
// at. Waiting is short here: a fact that needs a child may be `timed_out`.
const exclude = 'facts:\n  exclude: [os.name, os.support_left_days]\n'

describe('agent facts', () => {
  test('prints each indicator once, by name, with its way', async () => {
    const config = agentYaml('http://127.0.0.1:1')
    const { code, out, err } = await run('facts', '--config', config, '--dir', temporaryFolder())
    expect([code, err]).toEqual([0, ''])
    const lines = out.split('\n').filter((line) => /^\S/.test(line))
    const names = lines.map((line) => line.split(' ')[0])
    const known = Object.values(factsOf('linux')).flatMap((family) => family.indicators)
    expect(names).toEqual([...known].sort())
    expect(out).toMatch(
      new RegExp(`^agent\\.version +Version of the agent +${version}\n    agent$`, 'm'),
    )
  })

  test('--json is what the running agent reads; what is excluded is not in it', async () => {
    const config = agentYaml('http://127.0.0.1:1', exclude)
    const dir = temporaryFolder()
    const { out } = await run('facts', '--json', '--config', config, '--dir', dir)
    const readings = parseReadings(out)
    expect(readings.map(({ indicator }) => indicator)).not.toContain('os.name')
    expect(JSON.parse(out).facts[0]).toMatchObject({ unit: indicators[readings[0]!.indicator] })
  })

  test('changes nothing, unless the running agent asks it to remember', async () => {
    const config = agentYaml('http://127.0.0.1:1', exclude)
    const dir = temporaryFolder()
    const args = ['--json', '--config', config, '--dir', dir]
    await run('facts', ...args)
    expect(existsSync(join(dir, 'facts-state.json'))).toBe(false)
    await run('facts', '--keep', ...args)
    expect(existsSync(join(dir, 'facts-state.json'))).toBe(true)
  })

  test('a file with problems is named', async () => {
    const config = agentYaml('http://127.0.0.1:1', 'facts: { exclude: [shoe.size] }\n')
    const { code, err } = await run('facts', '--config', config, '--dir', temporaryFolder())
    expect(code).toBe(2)
    expect(err).toContain('facts.exclude')
  })
})

describe('what runs remember', () => {
  test('is there in the next one', () => {
    const dir = temporaryFolder()
    expect(readKept(dir)).toEqual(new Map())
    const kept = new Map<string, unknown>([['updates', { since: 1, seen: { a: 2 } }]])
    writeKept(dir, kept)
    expect(readKept(dir)).toEqual(kept)
  })

  test.each(['', '{', 'null', '7'])('is nothing where the file holds %j', (text) => {
    const dir = temporaryFolder()
    writeFileSync(join(dir, 'facts-state.json'), text)
    expect(readKept(dir)).toEqual(new Map())
  })

  test('is not kept where it is too much', () => {
    const dir = temporaryFolder()
    writeKept(dir, new Map([['updates', 'x'.repeat(70_000)]]))
    expect(readKept(dir)).toEqual(new Map())
  })
})
