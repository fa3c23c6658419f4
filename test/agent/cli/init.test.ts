import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { init, initOn } from '../../../agent/cli/init.ts'
import { readConfig } from '../../../agent/config.ts'
import { minimumProfiles } from '../../../agent/discover/classes.ts'
import type { Language } from '../../../agent/language.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { fakeSystem, tcpTable } from '../../support/fake-system.ts'
import { listenLow } from '../../support/low-port.ts'
import { nameServer, reply } from '../../support/name-server.ts'

type Values = Parameters<typeof initOn>[2]

/** Runs the command on a made-up machine with one disk and a name server. */
async function run(root: string, values: Values, language: Language = 'en'): Promise<string> {
  let said = ''
  const program = {
    language,
    out: (text: string) => {
      said += text
    },
  }
  const resolver = await nameServer((question) => reply(question, 'noError', 'A'))
  const usual = { collector: 'https://istimrar.example', interval: '60' }
  const system = fakeSystem(root, { resolver })
  expect(await initOn(system, program, { ...usual, ...values })).toBe(0)
  return said
}

function machine(): string {
  return fakeRoot(files)
}

const files = { 'proc/self/mountinfo': '27 1 254:0 / / rw - ext4 /dev/vda rw\n' }

const names = ['host', 'memory', 'cpu', 'disk-root', 'dns']

describe('agent init', () => {
  test('writes a file that the agent accepts, and says what it found', async () => {
    const root = machine()
    const config = join(root, 'etc/istimrar/agent.yaml')
    const said = await run(root, { interval: '15', config })
    const { checks, name } = readConfig(readFileSync(config, 'utf8'), config)
    expect(name).toBe('web-1')
    expect(checks.map(({ check }) => check)).toEqual(names)
    expect(new Set(checks.map(({ intervalMs }) => intervalMs))).toEqual(new Set([15_000]))
    expect(said.split('\n')[4]).toBe('  disk-root  ext4 on /')
    expect(said).toContain(`Written to ${config}.`)
  })

  test.each([
    ['public', [], 'portal', 'http or tls or tcp'],
    ['internal', [], null, null],
    ['link', [], 'peer', 'link or tcp'],
  ] as const)('of class %s says what its minimum lacks', async (name, _found, blank, kinds) => {
    const root = machine()
    const config = join(root, 'agent.yaml')
    const said = await run(root, { config, class: name })
    const text = readFileSync(config, 'utf8')
    expect(readConfig(text, config).checks.map(({ check }) => check)).toEqual(names)
    expect(text.includes(`  # - name: ${blank}`)).toBe(blank !== null)
    if (kinds) expect(said).toContain(`a check of kind ${kinds} is missing`)
    else expect(said).toContain(`meets the minimum of checks for the class ${name}`)
  })

  test('of class public is met by a service that is found, with the comment taken away', async () => {
    const port = await listenLow(() => createServer(), 24_100)
    const table = tcpTable([['0100007F', port]])
    const root = fakeRoot({ ...files, 'proc/net/tcp': table })
    const config = join(root, 'agent.yaml')
    const said = await run(root, { config, class: 'public' })
    expect(said).toContain('meets the minimum')
    expect(readFileSync(config, 'utf8')).not.toContain('portal')
  })

  test.each(['public', 'link'])('the comment of class %s, filled in, is accepted', async (name) => {
    const text = await run(machine(), { class: name, stdout: true })
    const filled = text.replaceAll(/^ {2}# ( *(- )?[a-zA-Z]+: .*)$/gm, '  $1')
    const kinds = readConfig(filled, 'agent.yaml').checks.map(({ kind }) => kind)
    const profile: readonly (readonly string[])[] = minimumProfiles[name as 'public' | 'link']
    for (const one of profile) expect(one.some((kind) => kinds.includes(kind as 'tcp'))).toBe(true)
  })

  test('the minimum is that of the example policy', () => {
    const file = join(import.meta.dirname, '../../../deploy/examples/policy.yaml')
    const { settings } = parse(readFileSync(file, 'utf8'))
    expect(minimumProfiles).toEqual(settings.minimumProfile.value)
  })

  test('writes its comments in the language of the reader, without hidden characters', async () => {
    const text = await run(machine(), { stdout: true, class: 'public' }, 'ar')
    expect(text).toMatch(/^# ما يرصده برنامج الرصد هذا/)
    expect(text).toMatch(/^ {2}# ذاكرته$/m)
    expect(text).not.toMatch(/\p{Cf}/u)
    expect(readConfig(text, 'agent.yaml').checks.map(({ check }) => check)).toEqual(names)
  })

  test('leaves a file alone that is there, unless told to replace it', async () => {
    const root = machine()
    const config = join(root, 'agent.yaml')
    writeFileSync(config, 'mine')
    await expect(run(root, { config })).rejects.toMatchObject({
      code: 'usage',
      message: `${config} exists already. --force replaces it.`,
    })
    expect(readFileSync(config, 'utf8')).toBe('mine')
    await run(root, { config, force: true })
    expect(readConfig(readFileSync(config, 'utf8'), config).checks).toHaveLength(names.length)
  })

  test('prints the text and writes nothing', async () => {
    const root = machine()
    const config = join(root, 'agent.yaml')
    writeFileSync(config, 'mine')
    const text = await run(root, { name: 'db-2', config, stdout: true })
    expect(readConfig(text, config).name).toBe('db-2')
    expect(readFileSync(config, 'utf8')).toBe('mine')
  })

  test('says what is wrong with its options, all at once, and writes nothing', async () => {
    const root = machine()
    const config = join(root, 'agent.yaml')
    const wrong = { collector: 'http://far.example', name: 'Web 1', interval: '1' }
    const error = await run(root, { ...wrong, 'exclude-ports': '80,ssh', config }).catch(
      (error: unknown) => error,
    )
    expect(error).toMatchObject({ code: 'usage' })
    const { message } = error as Error
    for (const option of ['name', 'exclude-ports']) expect(message).toContain(`--${option} must`)
    expect(() => readFileSync(config)).toThrow('ENOENT')
  })

  test.each([
    ['no collector', { collector: '' }, '--collector must'],
    ['a far collector without TLS', { collector: 'http://far.example' }, '--collector must'],
    ['a collector with a path', { collector: 'https://far.example/v1' }, '--collector must'],
    ['a class there is not', { class: 'secret' }, '--class must be'],
    ['no interval', { interval: '' }, '--interval must'],
    ['an interval that is too short', { interval: '1' }, '--interval must'],
    ['an interval in words', { interval: 'often' }, '--interval must'],
  ])('refuses %s', async (_name, values, message) => {
    await expect(run(machine(), { ...values, stdout: true })).rejects.toThrow(message)
  })

  test('says so when the file cannot be written', async () => {
    const root = fakeRoot({ 'proc/self/mountinfo': '', etc: 'a file' })
    const refused = run(root, { config: join(root, 'etc/agent.yaml') })
    await expect(refused).rejects.toMatchObject({ code: 'failed' })
  })

  test('looks at the machine it runs on', async () => {
    const root = machine()
    let said = ''
    const out = (text: string) => {
      said += text
    }
    const clock = { wall: Date.now, boot: () => 0, running: () => 0 }
    const program = { root, clock, out, language: 'en' } as Parameters<typeof init.run>[0] // all that it uses
    const values = { collector: 'https://istimrar.example', interval: '60', stdout: true }
    expect(await init.run(program, values, [])).toBe(0)
    const checks = readConfig(said, 'agent.yaml').checks.map(({ check }) => check)
    expect(checks).toEqual(expect.arrayContaining(['host', 'memory', 'disk-root']))
  })
})
