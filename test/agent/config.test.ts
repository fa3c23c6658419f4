import { describe, expect, test } from 'vitest'
import { readConfig } from '../../agent/config.ts'
import { definitionsOf } from '../../agent/frozen.ts'
import { probes } from '../../agent/probes/all.ts'
import { DocumentError } from '../../protocol/document.ts'
import { limits } from '../../protocol/limits.ts'

const head = `apiVersion: istimrar.agent/v1
collector: https://istimrar.example.om
name: web-1
checks:
`

function problemsOf(text: string): string[] {
  try {
    readConfig(text, 'agent.yaml')
  } catch (error) {
    if (error instanceof DocumentError) return error.message.split('\n')
    throw error
  }
  return []
}

describe('agent.yaml', () => {
  test('becomes plain JSON with every default decided', () => {
    const config = readConfig(
      `${head}  - { name: root, kind: disk, path: /, label: System disk }
  - { name: portal, kind: http, url: 'https://portal.example.om/', interval: 5m, timeout: 30s }
  - { name: port, kind: tcp, host: localhost, port: 22, interval: 5s }
`,
      'agent.yaml',
    )
    expect(JSON.parse(JSON.stringify(config))).toEqual(config)
    expect(config).toMatchObject({
      collector: 'https://istimrar.example.om',
      name: 'web-1',
      checks: [
        { check: 'root', kind: 'disk', intervalMs: 60_000, timeoutMs: 10_000 },
        { check: 'portal', kind: 'http', intervalMs: 300_000, timeoutMs: 30_000 },
        { check: 'port', kind: 'tcp', intervalMs: 5_000, timeoutMs: 5_000 },
      ],
    })
    expect(config.checks[1]?.settings).toMatchObject({ method: 'GET', status: ['200-399'] })
  })

  test('what leaves the host of it: names, kinds, intervals and labels', () => {
    const config = readConfig(
      `${head}  - { name: portal, kind: http, url: 'https://10.1.2.3/', label: البوابة }\n`,
      'agent.yaml',
    )
    expect(definitionsOf(config)).toEqual([
      { check: 'portal', kind: 'http', intervalMs: 60_000, label: 'البوابة' },
    ])
  })

  test('tells all its problems at once, each with its line', () => {
    const text = `apiVersion: istimrar.agent/v1
collector: http://istimrar.example.om
name: Web 1
checks:
  - { name: a, kind: hostt }
  - { name: b, kind: disk, interval: 1s }
  - { name: c, kind: host, interval: 1s, timeout: 5s }
  - { name: c, kind: http, url: 'http://169.254.169.254/latest', status: [200] }
  - { name: d, kind: tcp, host: metadata.google.internal, port: 80 }
colour: green
`
    expect(problemsOf(text)).toEqual([
      'agent.yaml:2: collector: must start with https:// unless the collector is on this very machine',
      'agent.yaml:3: name: must be an id: small letters, digits and hyphens, at most 63, no hyphen first',
      `agent.yaml:5: checks[0].kind: must be one of ${Object.keys(probes).join(', ')}`,
      'agent.yaml:6: checks[1]: missing "path"',
      'agent.yaml:7: checks[2].interval: must be from 5s to 1h',
      'agent.yaml:7: checks[2].timeout: must not be longer than the interval',
      'agent.yaml:8: checks[3].name: another check is named c already',
      "agent.yaml:8: checks[3].url: must not name a cloud's metadata service",
      "agent.yaml:9: checks[4].host: must not name a cloud's metadata service",
      'agent.yaml:10: colour: unknown setting "colour"; allowed: apiVersion, collector, name, authorities, facts, metrics, checks',
    ])
  })

  test('tells what is wrong within a step, and between settings', () => {
    const text = `${head}  - name: apply
    kind: journey
    steps:
      - url: https://portal.example.om/
        bodyIncludes: metadata
      - path: //169.254.169.254/
        status: [99]
        colour: green
      - url: http://169.254.169.254/
      - url: 'https://portal.example.om/'
        method: POST
        fields: [{ name: a, fromFile: b, value: c }, { value: d }]
  - { name: in, kind: journey, hosts: [metadata.google.internal], steps: [{ path: /metadata }] }
  - { name: ping, kind: icmp, host: -f, interval: 20s }
  - { name: pong, kind: icmp, host: 10.0.0.1, interval: 20s, timeout: 5s }
  - { name: own, kind: plugin, command: check_disk }
  - { name: far, kind: link, host: 10.0.0.1, port: 22, connects: 50, timeout: 5s }
`
    expect(problemsOf(text)).toEqual([
      'agent.yaml:10: checks[0].steps[1].path: must be a path that begins with one slash',
      'agent.yaml:11: checks[0].steps[1].status[0]: must be a whole number from 100 to 599, not 99',
      'agent.yaml:12: checks[0].steps[1].colour: unknown setting "colour"; allowed: url, path, method, fields, status, bodyIncludes, bodyExcludes, followRedirects',
      'agent.yaml:16: checks[0].steps[3].fields[1]: missing "name"',
      "agent.yaml:17: checks[1].hosts[0]: must not name a cloud's metadata service",
      'agent.yaml:17: checks[1].steps[0]: missing "url"',
      'agent.yaml:18: checks[2].host: must be a name or an address, without port',
      'agent.yaml:19: checks[3].interval: must be at least 30s: each look starts a program',
      'agent.yaml:19: checks[3].timeout: must be at least 6s',
      'agent.yaml:20: checks[4].command: must be an absolute path',
      'agent.yaml:21: checks[5].timeout: must be at least 6s for so many connections',
    ])
  })

  test('the defaults of steps are decided too', () => {
    const config = readConfig(
      `${head}  - { name: a, kind: journey, steps: [{ url: 'https://a.example/', bodyIncludes: metadata }] }\n`,
      'agent.yaml',
    )
    expect(config.checks[0]?.settings).toEqual({
      steps: [
        {
          ...{ url: 'https://a.example/', method: 'GET', fields: [], status: ['200-399'] },
          ...{ bodyIncludes: 'metadata', followRedirects: false },
        },
      ],
      ...{ hosts: [], trust: 'system', bodyBytesMax: 262_144 },
    })
  })

  test.each([
    ['5s', []],
    ['1h', []],
    ['61m', ['must be from 5s to 1h']],
    ['90', ['must be a time such as 30s, 5m or 1h']],
    ["'1 min'", ['must be a time such as 30s, 5m or 1h']],
  ])('interval %s', (interval, expected) => {
    const problems = problemsOf(`${head}  - { name: a, kind: host, interval: ${interval} }\n`)
    expect(problems).toHaveLength(expected.length)
    for (const [i, message] of expected.entries()) expect(problems[i]).toContain(message)
  })

  test.each([
    ['no check at all', '  []\n', 'at least 1'],
    [
      'too many',
      Array.from(
        { length: limits.checksMax + 1 },
        (_, i) => `  - { name: c${i}, kind: host }\n`,
      ).join(''),
      `at most ${limits.checksMax}`,
    ],
    [
      'labels that no message could hold',
      Array.from(
        { length: limits.checksMax },
        (_, i) => `  - { name: c${i}, kind: host, label: ${'ع'.repeat(100)} }\n`,
      ).join(''),
      'too long altogether',
    ],
  ])('%s', (_name, checks, message) => {
    expect(problemsOf(head + checks).join()).toContain(message)
  })

  test('an empty file, and one that is no mapping, are problems and not crashes', () => {
    for (const text of ['', '- a\n', 'checks: 7\n', 'checks: [7, null]\n']) {
      expect(problemsOf(text).length, text).toBeGreaterThan(0)
    }
  })
})
