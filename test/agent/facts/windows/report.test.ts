import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Missing } from '../../../../agent/facts/fact.ts'
import {
  parseWindowsReport,
  readWindows,
  told,
  type WindowsReport,
} from '../../../../agent/facts/windows.ts'
import { windowsCommand, windowsScript } from '../../../../agent/facts/windows-script.ts'
import { recordedLine, windowsReport } from '../../../support/windows-report.ts'

const line = recordedLine('server-2022')
const errorOf = (report: WindowsReport, name: keyof WindowsReport) =>
  'error' in report[name] ? report[name].error : 'none'

describe('the script', () => {
  test('fits a command line as it is, and has nothing of the host in it', () => {
    expect(windowsScript).toMatch(/^[\x20-\x7e\n]+$/)
    expect(windowsScript).not.toContain('"')
    // CreateProcess takes 32,767 characters.
    expect(windowsScript.length).toBeLessThan(20_000)
    expect(windowsCommand.args.at(-1)).toBe(windowsScript)
    expect(windowsCommand.args).toContain('-NonInteractive')
  })

  test('only reads, goes to no network, asks for no more rights', () => {
    const bare = windowsScript.replace(/'[^']*'/g, '')
    const verbs = [...bare.matchAll(/\b([A-Z][a-z]+)-[A-Z]\w+/g)].map(([, verb]) => verb)
    const reading = ['ConvertTo', 'For', 'Get', 'New', 'Test', 'Where', 'Write', 'Each']
    expect(
      [...new Set(verbs)].filter((verb) => !reading.some((each) => verb?.startsWith(each))),
    ).toEqual([])
    expect(windowsScript).toContain('$searcher.Online = $false')
    expect(windowsScript).not.toMatch(/Invoke-|Start-|Set-|Remove-|RunAs|http/i)
  })

  test('closes what it opens', () => {
    const bare = windowsScript.replace(/'[^']*'/g, '')
    for (const [open, close] of ['{}', '()', '[]']) {
      expect(bare.split(open!).length, open).toBe(bare.split(close!).length)
    }
  })

  test('asks for every section that the report has, and for no other', () => {
    const asked = [...windowsScript.matchAll(/^Tell '(\w+)'/gm)].map(([, name]) => name)
    expect(asked.toSorted()).toEqual(Object.keys(windowsReport('server-2022')).toSorted())
  })
})

describe('parseWindowsReport', () => {
  test.each(['server-2022', 'server-2016', 'windows-11', 'arabic-server'] as const)(
    '%s is read whole',
    (name) => {
      const sections = Object.entries(windowsReport(name))
      expect(sections.filter(([, each]) => 'error' in each && each.error === 'unreadable')).toEqual(
        [],
      )
    },
  )

  test.each([
    ['a mark of the byte order', `\u{feff}${line}\r\n`],
    ['what a profile or a policy printed', `WARNING: تحذير\r\n${line}\r\nbye\r\n`],
    [
      'characters as escapes',
      line.replaceAll(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ],
  ])('reads past %s', (_name, stdout) => {
    expect(parseWindowsReport(stdout)).toEqual(windowsReport('server-2022'))
  })

  test('Arabic text arrives whole as escapes', () => {
    const plain = recordedLine('arabic-server')
    const escaped = plain.replaceAll(
      /[^ -~]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    expect(escaped).toMatch(/^[ -~]+$/)
    const { caption } = told(parseWindowsReport(escaped), 'os', 'x')
    expect(caption).toBe('مايكروسوفت ويندوز سيرفر 2019 Standard')
  })

  test.each([
    ['nothing', ''],
    ['a sentence', 'This script contains malicious content and has been blocked.'],
    ['half a report', line.slice(0, line.length / 2)],
    ['another version', line.replace('"v":1', '"v":2')],
    ['a list', `[${line}]`],
  ])('%s is no report', (_name, stdout) => {
    expect(() => parseWindowsReport(stdout)).toThrow(Missing)
  })

  test.each([
    ['a number for a text', { os: { ok: { caption: 5 } } }],
    ['a local date', { os: { ok: { ...okOs(), bootedAt: '18/09/2026 07:31:35 م' } } }],
    ['a date of another calendar', { os: { ok: { ...okOs(), bootedAt: '1448/04/06' } } }],
    ['something more', { os: { ok: { ...okOs(), user: 'x' } } }],
    ['something less', { os: { ok: {} } }],
    ['an unknown code', { os: { error: 'Access is denied.' } }],
    ['neither', { os: {} }],
    ['nothing', { os: null }],
  ])('a section with %s is unreadable, the others are not', (_name, change) => {
    const report = parseWindowsReport(JSON.stringify({ ...JSON.parse(line), ...change }))
    expect(errorOf(report, 'os')).toBe('unreadable')
    expect(errorOf(report, 'machine')).toBe('none')
  })

  test('a list may be wrapped as PowerShell 5.1 does', () => {
    const raw = JSON.parse(line)
    const { list } = raw.volumes.ok
    raw.volumes.ok.list = { value: list, Count: list.length }
    expect(parseWindowsReport(JSON.stringify(raw))).toEqual(windowsReport('server-2022'))
  })

  test('whatever comes, it is a report or Missing', () => {
    const section = fc.oneof(
      fc.record({ ok: fc.jsonValue() }),
      fc.record({ error: fc.string() }),
      fc.jsonValue(),
    )
    const names = Object.keys(windowsReport('server-2022'))
    const any = fc.dictionary(fc.constantFrom(...names), section)
    fc.assert(
      fc.property(any, (sections) => {
        const report = parseWindowsReport(JSON.stringify({ v: 1, mode: '', ...sections }))
        expect(Object.keys(report)).toEqual(names)
      }),
    )
  })
})

describe('told', () => {
  test.each([
    ['access_denied', 'no_permission'],
    ['not_there', 'not_supported'],
    ['failed', 'not_known'],
    ['unreadable', 'unreadable'],
  ] as const)('%s means %s', (error, reason) => {
    const report = windowsReport('server-2022', { os: { error } })
    try {
      told(report, 'os', 'x')
      expect.unreachable()
    } catch (missing) {
      expect(missing).toMatchObject({ reason, method: 'x' })
      const { permission } = missing as Missing
      expect(permission === undefined).toBe(reason !== 'no_permission')
    }
  })
})

describe('readWindows', () => {
  const ends =
    (stdout: string, status: number | null = 0) =>
    async () => {
      return { status, stdout, stderr: '', aborted: status === null }
    }
  const fails = (code: string) => async () => {
    throw Object.assign(new Error(code), { code })
  }

  test('tells what the script wrote', async () => {
    expect(await readWindows(ends(line))).toEqual(windowsReport('server-2022'))
  })

  test.each([
    ['there is no PowerShell', fails('ENOENT'), 'no_tool'],
    ['it may not be started', fails('EACCES'), 'no_permission'],
    ['it takes too long', ends(line, null), 'timed_out'],
    ['it says something else', ends('تم رفض الوصول', 1), 'unreadable'],
  ])('%s', async (_name, run, reason) => {
    await expect(readWindows(run)).rejects.toMatchObject({ reason, method: 'powershell' })
  })
})

function okOs() {
  return JSON.parse(line).os.ok
}
