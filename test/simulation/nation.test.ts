import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { readDeclared } from '../../collector/register/files.ts'
import { checkKinds } from '../../protocol/check.ts'
import { definitionsHash } from '../../protocol/definitions.ts'
import { dayMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { fullSize, type Nation, synthesizeNation } from './nation.ts'
import { agentsOf } from './nation-agents.ts'
import { withMoves } from './nation-moves.ts'
import { blindSpans, cutOffSpans, truthOf } from './nation-truth.ts'
import { policyYaml, registerYaml } from './nation-yaml.ts'

/** Both files as the collector's own reader takes them. */
function declared(nation: Nation) {
  const folder = mkdtempSync(join(tmpdir(), 'nation-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'register.yaml'), registerYaml(nation))
  writeFileSync(join(folder, 'policy.yaml'), policyYaml(nation))
  const files = ['register.yaml', 'policy.yaml'].map((name) => join(folder, name))
  return readDeclared(files[0]!, files[1]!, nation.window.from)
}

const nation = synthesizeNation(1)

test('the same seed gives the same nation byte for byte, another seed another one', () => {
  expect(JSON.stringify(synthesizeNation(1))).toBe(JSON.stringify(nation))
  expect(JSON.stringify(synthesizeNation(2))).not.toBe(JSON.stringify(nation))
  expect(JSON.parse(JSON.stringify(nation))).toEqual(nation)
})

test('it has 56 institutions and governorates, each with its own id, and five agents for each', () => {
  const ids = nation.institutions.map(({ id }) => id)
  const kinds = Map.groupBy(nation.institutions, ({ kind }) => kind)
  expect(new Set(ids).size).toBe(56)
  expect(kinds.get('governorate')?.length).toBe(11)
  expect(agentsOf(nation).length).toBe(280)
  expect(nation.simulated).toBe(true)
})

test('the collector reads its register and its policy, and finds all of it there', () => {
  const { register, settings } = declared(nation)
  expect(register.institutions.map(({ id }) => id)).toEqual(
    nation.institutions.map(({ id }) => id).sort(),
  )
  expect(register.populations.continuity.length).toBe(56)
  expect(settings.continuityTargetRatio.value).toBe(0.95)
  expect(registerYaml(nation)).toMatch(/^# SIMULATED/)
})

test('every cause of outages occurs in a month, and every agent has checks that can be down', () => {
  const causes = new Set(nation.outages.map(({ cause }) => cause))
  expect([...causes].sort()).toEqual([
    'agent',
    'centre',
    'clock',
    'host',
    'network',
    'power',
    'service',
  ])
  for (const { checks } of agentsOf(nation)) {
    expect(checks.some(({ kind }) => checkKinds[kind] === 'down')).toBe(true)
    expect(definitionsHash(checks)).toMatch(/^[0-9a-f]{64}$/)
  }
  expect(nation.declarations.length).toBeGreaterThan(0)
  expect(nation.witnesses.every(({ watches }) => watches.length > 0)).toBe(true)
})

const anySmallNation = fc
  .record({ seed: fc.nat(), institutions: fc.integer({ min: 1, max: 4 }), agents: fc.nat(20) })
  .map(({ seed, ...size }) => synthesizeNation(seed, { ...size, outageFactor: 20 }))

test('any nation is a valid register', () => {
  fc.assert(
    fc.property(anySmallNation, (small) => {
      expect(declared(small).register.institutions.length).toBe(small.institutions.length)
    }),
    { numRuns: 20 },
  )
})

test('a truth fills its window without holes, and is only as bad as its kind can be', () => {
  fc.assert(
    fc.property(anySmallNation, (small) => {
      for (const { institution, environment, agent, checks } of agentsOf(small)) {
        for (const { check, kind } of checks) {
          const truth = truthOf(small, { institution, environment, agent, check }, small.window)
          expect(truth[0]?.from).toBe(small.window.from)
          expect(truth.at(-1)?.to).toBe(small.window.to)
          truth.slice(1).forEach((span, i) => {
            expect(span.from).toBe(truth[i]!.to)
            expect(span.state).not.toBe(truth[i]!.state)
          })
          const isDown = truth.some(({ state }) => state === 'down')
          if (checkKinds[kind] === 'degraded') expect(isDown).toBe(false)
        }
      }
    }),
    { numRuns: 20 },
  )
})

test('each cause shows where it belongs: in the truth, as blindness or as being cut off', () => {
  const plain = synthesizeNation(3, { institutions: 1, agents: 1, outageFactor: 0 })
  const { institution, environment, site, agent, checks } = agentsOf(plain)[0]!
  const address = { institution, environment, agent, check: checks[0]!.check }
  const { from: start } = plain.window
  const span = { from: start + hourMs, to: start + 2 * hourMs }
  const place = { institution, site, environment: null, agent: null, check: null }
  const withOutage = (cause: 'power' | 'network' | 'agent', effect: 'down' | 'none'): Nation => {
    const outage = { ...span, ...place, id: cause, cause, effect, wallErrorMs: 0 }
    return { ...plain, outages: [outage] }
  }
  const power = withOutage('power', 'down')
  const network = withOutage('network', 'none')
  const stopped = withOutage('agent', 'none')
  const down = (of: Nation) => truthOf(of, address, of.window).filter(({ state }) => state !== 'up')
  expect(down(power)).toEqual([{ ...span, state: 'down' }])
  expect(down(network)).toEqual([])
  expect(blindSpans(power, address, plain.window)).toEqual([span])
  expect(blindSpans(stopped, address, plain.window)).toEqual([span])
  expect(blindSpans(network, address, plain.window)).toEqual([])
  expect(cutOffSpans(network, address, plain.window)).toEqual([span])
  expect(() => truthOf(plain, { ...address, check: 'nothing' }, plain.window)).toThrow('has no')
})

test('its size is what is asked for', () => {
  const window = { from: fullSize.window.from, to: fullSize.window.from + 2 * dayMs }
  const small = synthesizeNation(5, { institutions: 3, agents: 7, intervalMs: 30_000, window })
  expect(small.institutions.length).toBe(3)
  expect(agentsOf(small).length).toBe(7)
  expect(small.outages.every(({ from, to }) => from < to && to <= window.to)).toBe(true)
  expect(agentsOf(synthesizeNation(5, { institutions: 56, agents: 2_240 })).length).toBe(2_240)
  expect(() => synthesizeNation(5, { institutions: 57 })).toThrow('1 to 56')
  expect(minuteMs).toBe(agentsOf(nation)[0]?.checks[0]?.intervalMs)
})

test('a moving nation is a valid register in which each case of a move occurs', () => {
  const { nation: moving, moves } = withMoves(synthesizeNation(1, { institutions: 12 }))
  expect(declared(moving).register.institutions.length).toBe(12)
  const counts = Map.groupBy(moves, (move) => move.case)
  expect(counts.size).toBe(31)
  expect(Math.min(...[...counts.values()].map(({ length }) => length))).toBeGreaterThan(0)
  const hosts = moves.flatMap((move) => move.hosts.map(({ name }) => `${move.institution}/${name}`))
  expect(new Set(hosts).size).toBe(hosts.length)
  expect(agentsOf(moving).length).toBe(hosts.length)
})
