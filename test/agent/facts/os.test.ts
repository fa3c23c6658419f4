import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { osFact, osRelease } from '../../../agent/facts/os.ts'
import { parseProduct, tableText } from '../../../deploy/refresh-end-of-life.ts'
import { fakeFactHost } from '../../support/fact-host.ts'

/** On 2026-10-01, the day of the fake host. */
async function read(files: Readonly<Record<string, string>>) {
  const [name, left] = await osFact.measure(fakeFactHost({ files }))
  return [name?.value, left?.value, left?.missing ?? left?.detail] as const
}

const release = (text: string) => ({ 'etc/os-release': text })
const pro = (status: string, attached = true) => ({
  'var/lib/ubuntu-advantage/status.json': JSON.stringify({
    attached,
    services: [
      { name: 'esm-apps', status: 'enabled' },
      { name: 'esm-infra', status },
    ],
  }),
})
const jammy = 'PRETTY_NAME="Ubuntu 22.04.5 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\n'

// The lines are those of the systems' own files.
describe('what a system is and how long it is supported', () => {
  test.each<[string, Record<string, string>, unknown, number | null, RegExp | string]>([
    [
      'Debian, whose LTS is open to all',
      release('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'),
      ...(['Debian GNU/Linux 12 (bookworm)', 639] as const),
      /supported until 2026-06-10; LTS, open to all until 2028-06-30; table of \d{4}-\d{2}-\d{2}$/,
    ],
    ['Ubuntu', release(jammy), 'Ubuntu 22.04.5 LTS', 183, /ESM until 2032-04-09, not counted/],
    [
      'Ubuntu with paid maintenance',
      { ...release(jammy), ...pro('enabled') },
      ...(['Ubuntu 22.04.5 LTS', 2018] as const),
      /ESM until 2032-04-09;/,
    ],
    [
      'Ubuntu that pays no more',
      { ...release(jammy), ...pro('enabled', false) },
      'Ubuntu 22.04.5 LTS',
      183,
      /not counted/,
    ],
    [
      'Red Hat after its end',
      release(
        'NAME="Red Hat Enterprise Linux Server"\nVERSION_ID="7.9"\nID="rhel"\nPRETTY_NAME=RHEL\n',
      ),
      ...(['RHEL', -822] as const),
      /until 2024-06-30; ELS until 2028-06-30, not counted/,
    ],
    [
      'CentOS',
      release('NAME="CentOS Linux"\nVERSION_ID="8"\nID="centos"\n'),
      'CentOS Linux',
      -1734,
      /2021-12-31/,
    ],
    [
      'CentOS Stream, which is another',
      release('NAME="CentOS Stream"\nVERSION_ID="9"\nID="centos"\n'),
      ...(['CentOS Stream', 243] as const),
      /2027-05-31/,
    ],
    [
      'Oracle',
      release('NAME=\'Oracle Linux Server\'\nID="ol"\nVERSION_ID="9.4"\n'),
      'Oracle Linux Server',
      2100,
      /2032-06-30/,
    ],
    [
      'SUSE',
      release('NAME="SLES"\nVERSION_ID="15.7"\nID="sles"\n'),
      'SLES',
      1765,
      /LTSS until 2034-07-31/,
    ],
    [
      'Alpine',
      release('NAME="Alpine Linux"\nVERSION_ID=3.22.1\nID=alpine\n'),
      'Alpine Linux',
      213,
      /2027-05-01/,
    ],
    [
      'before os-release',
      { 'etc/redhat-release': 'CentOS release 6.10 (Final)\n' },
      'CentOS release 6.10 (Final)',
      -2130,
      /2020-11-30/,
    ],
    ['a rolling release', release('NAME="Arch Linux"\nID=arch\n'), 'Arch Linux', null, 'not_known'],
    [
      'a release not in the table',
      release('NAME=Debian\nVERSION_ID="99"\nID=debian\n'),
      'Debian',
      null,
      'not_known',
    ],
    [
      'Debian unstable',
      release('PRETTY_NAME="Debian forky/sid"\nID=debian\n'),
      'Debian forky/sid',
      null,
      'not_known',
    ],
    [
      'a system nobody knows',
      release('NAME=Homegrown\nID=homegrown\n'),
      'Homegrown',
      null,
      'not_known',
    ],
    ['a name every object has', release('NAME=Odd\nID=constructor\n'), 'Odd', null, 'not_known'],
  ])('%s', async (_name, files, name, left, detail) => {
    const expected = typeof detail === 'string' ? detail : expect.stringMatching(detail)
    expect(await read(files)).toEqual([name, left, expected])
  })

  test('the last day of support is a day of support', async () => {
    const text = 'NAME="CentOS Stream"\nVERSION_ID="9"\nID="centos"\n'
    const at = async (time: string) => {
      const host = fakeFactHost({ files: release(text), now: Date.parse(time) })
      return (await osFact.measure(host))[1]?.value
    }
    expect(await at('2027-05-31T23:59:59Z')).toBe(0)
    expect(await at('2027-06-01T00:00:01Z')).toBe(-1)
  })

  test('without such a file nothing is known', async () => {
    await expect(read({})).rejects.toMatchObject({ reason: 'not_known' })
    await expect(read(release('garbage'))).rejects.toMatchObject({ reason: 'not_known' })
  })

  test('quotes of os-release are those of a shell', () => {
    const text = `NAME="A \\"b\\""\nID='c d'\nVERSION_ID=1\n# PRETTY_NAME=x\n`
    expect(osRelease(text)).toEqual({ NAME: 'A "b"', ID: 'c d', VERSION_ID: '1' })
  })
})

describe('the table of ends of support', () => {
  // The shape of https://endoflife.date/api/v1/products/debian/ (schema 1.2), cut to what matters.
  const answer = {
    schema_version: '1.2.0',
    result: {
      name: 'debian',
      releases: [
        { name: '13', isEol: false, eolFrom: null, eoesFrom: null, latest: { name: '13.1' } },
        { name: '12', isEol: true, eolFrom: '2026-06-10', eoesFrom: '2028-06-30', latest: null },
        { name: '2022', isEol: false, eolFrom: '2031-10-14', latest: { name: '10.0.20348' } },
        { name: '4', isEol: true, eolFrom: '2010-02-15', eoesFrom: '2010-02-15' },
      ],
    },
  }

  test('keeps of an answer what the agent needs', () => {
    const kept = [
      { release: '13', until: null },
      { release: '12', until: '2026-06-10', extended: '2028-06-30' },
      { release: '2022', until: '2031-10-14', build: 20348 },
    ]
    expect(parseProduct(answer)).toEqual(kept)
    const text = tableText(new Map([['debian', kept]]), '2026-10-01')
    expect(JSON.parse(text)).toMatchObject({ date: '2026-10-01', products: { debian: kept } })
  })

  test.each([
    ['no object', { message: 'Not found' }],
    ['no name', { result: { releases: [{ eolFrom: '2026-06-10' }] } }],
    ['no date', { result: { releases: [{ name: '1', eolFrom: 'soon' }] } }],
  ])('%s is refused', (_name, answer) => {
    expect(() => parseProduct(answer)).toThrow()
  })

  test('is written as the script writes it', () => {
    const file = join(import.meta.dirname, '../../../agent/facts/end-of-life.json')
    const text = readFileSync(file, 'utf8')
    const { date, products } = JSON.parse(text)
    expect(text).toBe(tableText(new Map(Object.entries(products)), date))
  })
})
