import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { addressProblem } from '../../../collector/hooks/address.ts'
import { readHooks } from '../../../collector/hooks/hooks-file.ts'
import { keysOf } from '../../../collector/hooks/signature.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { temporaryFolder } from '../../support/folder.ts'

const secretOf = (byte: number, bytes = 32) =>
  `whsec_${Buffer.alloc(bytes, byte).toString('base64')}`

function read(yaml: string, secret = `${secretOf(1)}\n`) {
  using folder = temporaryFolder()
  writeFileSync(folder.file('secret'), secret)
  writeFileSync(folder.file('hooks.yaml'), yaml)
  return readHooks(folder.file('hooks.yaml'))
}

const least = `apiVersion: istimrar.hooks/v1
hooks:
  - { id: wall, url: "https://10.1.2.3/hook", secretFile: secret }
`

test('what the file does not say is the default', () => {
  const { hooks, afterMs } = read(least)
  expect(hooks).toEqual([
    {
      ...{ id: 'wall', url: 'https://10.1.2.3/hook', keys: [Buffer.alloc(32, 1)] },
      ...{ institutions: null, language: 'ar' },
      events: [
        ...['environment_down', 'agent_silent', 'publish_held', 'cycle_at_risk', 'migration_late'],
      ],
    },
  ])
  expect(afterMs).toEqual({
    ...{ environment: 5 * minuteMs, agent: 5 * minuteMs, publish: 15 * minuteMs },
  })
})

test('the example reads, but for the secret it names', () => {
  const example = new URL('../../../deploy/examples/hooks.yaml', import.meta.url).pathname
  expect(() => readHooks(example)).toThrow(
    /^\S+hooks.yaml:\d+: hooks\[0\].secretFile: cannot be re/,
  )
})

test('all that is wrong is named at once, and nothing secret', () => {
  const wrong = () =>
    read(
      `apiVersion: istimrar.hooks/v1
hooks:
  - { id: wall, url: "http://alerts.example/token-1234", secretFile: secret }
  - { id: wall, url: "https://user:token-1234@alerts.example", secretFile: absent }
`,
      'a-secret-in-another-form',
    )
  expect(wrong).toThrow(/hooks\[0\].url: must be https; http only to this very machine/)
  expect(wrong).toThrow(/:3: hooks\[0\].secretFile: must name a file with one secret/)
  expect(wrong).toThrow(/:4: hooks\[1\].id: is the id of an earlier hook/)
  expect(wrong).toThrow(/:4: hooks\[1\].url: must carry no user and no password/)
  expect(wrong).toThrow(/:4: hooks\[1\].secretFile: cannot be read/)
  expect(wrong).not.toThrow(/token-1234|a-secret/)
})

test.each([
  ['an unknown event', least.replace('secret }', 'secret, events: [reboot] }'), /events\[0\]/],
  ['no event', least.replace('secret }', 'secret, events: [] }'), /events/],
  ['another language', least.replace('secret }', 'secret, language: fr }'), /language/],
  ['an unknown setting', least.replace('secret }', 'secret, token: x }'), /token/],
  ['silence under 5 minutes', `${least}afterMinutes: { agent: 4 }\n`, /afterMinutes.agent/],
  ['no hook', 'apiVersion: istimrar.hooks/v1\nhooks: []\n', /hooks/],
])('is refused: %s', (_what, yaml, message) => {
  expect(() => read(yaml)).toThrow(message)
})

test.each<[string, RegExp | null]>([
  ['https://alerts.example/istimrar', null],
  ['https://10.0.0.7:8443/x?y=z', null],
  ['https://[fd12::7]/', null],
  ['http://127.0.0.1:9000/', null],
  ['http://localhost/', null],
  ['http://[::1]:9000/', null],
  ['http://10.0.0.7/', /https/],
  ['ftp://alerts.example/', /https/],
  ['alerts.example', /must be an address/],
  ['https://alerts.example/#part', /#/],
  ['https://user@alerts.example/', /user/],
  ['https://169.254.169.254/latest', /metadata/],
  ['https://2852039166/latest', /metadata/],
  ['https://0xA9FEA9FE/', /metadata/],
  ['https://[::ffff:169.254.169.254]/', /metadata/],
  ['https://[fd00:ec2::254]/', /metadata/],
  ['https://metadata.google.internal./', /metadata/],
])('the address %s', (address, problem) => {
  const found = addressProblem(address)
  if (problem === null) expect(found).toBeNull()
  else expect(found).toMatch(problem)
})

test.each<[string, string, number | null]>([
  ['one', secretOf(1), 1],
  ['two while one replaces the other', `${secretOf(2)}\r\n${secretOf(1)}\n`, 2],
  ['three', [1, 2, 3].map((each) => secretOf(each)).join('\n'), null],
  ['too short', secretOf(1, 23), null],
  ['too long', secretOf(1, 65), null],
  ['without its mark', secretOf(1).slice(6), null],
  ['cut off', secretOf(1).slice(0, -3), null],
  ['nothing', '', null],
])('a secret file with %s', (_what, text, keys) => {
  expect(keysOf(text)?.length ?? null).toBe(keys)
})
