import { readFileSync } from 'node:fs'
import { Compile } from 'typebox/schema'
import { describe, expect, test } from 'vitest'
import { type ProbeEntry, probes } from '../../../agent/probes/all.ts'
import { networkReason } from '../../../agent/probes/network-error.ts'
import { isNested, type SettingsSchema, withDefaults } from '../../../agent/probes/settings.ts'
import { expectFile } from '../../support/golden.ts'

const entries: [string, ProbeEntry][] = Object.entries(probes)

/** Every setting with its name as a path, those of the entries of lists included. */
function* rowsOf(
  { properties, required }: SettingsSchema,
  kind: string,
  at = '',
): Generator<string> {
  for (const [name, setting] of Object.entries(properties)) {
    const byDefault = JSON.stringify(setting.default)?.replaceAll('"', '')
    const shown = required.includes(name) ? '*required*' : byDefault && `\`${byDefault}\``
    const { description = '', items } = setting
    if (description) yield `| ${kind} | \`${at}${name}\` | ${shown ?? ''} | ${description} |\n`
    if (items && isNested(items)) yield* rowsOf(items, kind, `${at}${name}[].`)
  }
}

test('docs/probes.md lists each setting', () => {
  const documentation = readFileSync(new URL('../../../docs/probes.md', import.meta.url), 'utf8')
  const rows = entries.flatMap(([kind, { settings }]) => [...rowsOf(settings, kind)])
  const table = /(<!-- settings.*\n.*\n.*\n)(?:\|.*\n)*(?=<!-- end -->)/
  const written = documentation.replace(table, (_, head: string) => head + rows.join(''))
  expectFile('docs/probes.md', written)
})

describe.each(entries)('settings of %s', (_kind, { settings }) => {
  test('each is described', () => {
    for (const [name, { description }] of Object.entries(settings.properties)) {
      expect(description, name).toMatch(/^[^ ].*\.$/)
    }
  })

  test('none takes a name that every check has', () => {
    const common = ['name', 'kind', 'interval', 'label', 'timeout']
    expect(common.filter((name) => name in settings.properties)).toEqual([])
  })

  test('the defaults are allowed', () => {
    const properties = Compile({ ...settings, required: [] })
    expect(properties.Check(withDefaults(settings, {}))).toBe(true)
  })
})

describe('settings are checked', () => {
  test.each<[keyof typeof probes, string, unknown, boolean]>([
    ['http', 'url', 'https://portal.example.om/a?b#c', true],
    ['http', 'url', 'http://[::1]:8080', true],
    ['http', 'url', 'ftp://portal.example.om/', false],
    ['http', 'url', 'https://user:password@portal.example.om/', false],
    ['http', 'url', 'https://', false],
    ['http', 'status', [200, '300-399'], true],
    ['http', 'status', ['2xx'], false],
    ['http', 'status', [42], false],
    ['dns', 'resolver', '10.0.0.53', true],
    ['dns', 'resolver', '10.0.0.53:5353', true],
    ['dns', 'resolver', '[::1]:53', true],
    ['dns', 'resolver', 'fe80::1', true],
    ['dns', 'resolver', 'ns.example', false],
    ['tcp', 'port', 65_536, false],
    ['tcp', 'host', 'a b', false],
    ['disk', 'path', 'relative/path', false],
    ['disk', 'path', 'D:\\', true],
    ['memory', 'usedRatioMax', 95, false],
    ['cpu', 'usedRatioMax', 0.8, true],
    ['process', 'program', 'php-fpm8.2', true],
    ['process', 'program', '/usr/sbin/nginx', false],
    ['process', 'program', 'ngin*', false],
    ['process', 'countMin', 0, false],
    ['service', 'unit', 'postgresql@16-main', true],
    ['service', 'unit', 'system-systemd\\x2dfsck', true],
    ['service', 'unit', '../nginx', false],
    ['service', 'unit', '-H', false],
    ['clock', 'server', '2001:db8::1', true],
    ['clock', 'server', 'ntp://a', false],
    ['backup', 'path', 'srv/backup', false],
    ['backup', 'path', '\\\\nas\\backup', true],
    ['backup', 'copyPath', 'E:\\copies', true],
  ])('%s %s %j', (kind, name, value, allowed) => {
    const entry: ProbeEntry = probes[kind]
    const setting = entry.settings.properties[name]
    if (!setting) throw new Error(`There is no setting ${name}.`)
    expect(Compile({ ...setting }).Check(value)).toBe(allowed)
  })
})

describe('networkReason', () => {
  test.each([
    ['ETIMEDOUT', 'timeout'],
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENOTFOUND', 'name_not_found'],
    ['EAI_AGAIN', 'name_server_failed'],
    ['HPE_HEADER_OVERFLOW', 'http_protocol_error'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_handshake_failed'],
    ['EMFILE', null],
    ['EACCES', null],
    ['ERR_IP_BLOCKED', null],
    ['toString', null],
  ])('%s', (code, reason) => {
    expect(networkReason(Object.assign(new Error(code), { code }))).toBe(reason)
  })

  test('what is no error of the network has none', () => {
    expect(networkReason(new TypeError('a bug'))).toBeNull()
    expect(networkReason('a text')).toBeNull()
  })
})
