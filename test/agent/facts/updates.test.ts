import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareDebVersions } from '../../../agent/facts/deb-version.ts'
import { unpackLz4 } from '../../../agent/facts/lz4.ts'
import { updatesFact } from '../../../agent/facts/updates.ts'
import { dayMs } from '../../../protocol/time.ts'
import { type FactHostParts, factNow, fakeFactHost } from '../../support/fact-host.ts'

const paragraph = (name: string, version: string, more = '', architecture = 'amd64') =>
  `Package: ${name}\n${more}Architecture: ${architecture}\nVersion: ${version}\nDescription: x\n\n`
const installed = 'Status: install ok installed\n'
const lists = 'var/lib/apt/lists'
const security = `${lists}/security.debian.org_dists_bookworm-security_main_binary-amd64_Packages`
const fresh = { [`/${lists}`]: factNow - dayMs, [`/${lists}/partial`]: factNow - 2 * dayMs }

const status = [
  paragraph('openssl', '3.0.11-1~deb12u2', installed),
  paragraph('curl', '7.88.1-10+deb12u5', installed),
  paragraph('gone', '1.0', 'Status: deinstall ok config-files\n'),
  paragraph('tzdata', '2024a-0', installed, 'all'),
].join('')
const pending = [
  paragraph('openssl', '3.0.14-1~deb12u1'),
  paragraph('openssl', '3.0.13-1~deb12u1'),
  paragraph('curl', '7.88.1-10+deb12u5'),
  paragraph('gone', '2.0'),
  paragraph('tzdata', '2024b-0', '', 'i386'),
  paragraph('never-installed', '9'),
].join('')

type More = Omit<FactHostParts, 'files'> & { list?: Record<string, string | Uint8Array> }

/** Oldest and pending, on a host with these lists; a reason where there is no value. */
async function debian({ list = { [security]: pending }, ...more }: More = {}) {
  const files = { 'var/lib/dpkg/status': status, [`${lists}/partial/`]: '', ...list }
  const host = fakeFactHost({ files, modified: fresh, ...more })
  const readings = await updatesFact.measure(host)
  return { told: readings.map(({ value, missing }) => missing ?? value), readings, host }
}

describe('security updates by what apt knows', () => {
  test.each<[string, More, unknown]>([
    ['what the agent finds at its first look is of an unknown age', {}, ['too_early', 1]],
    [
      'nothing is pending',
      { list: { [security]: paragraph('curl', '7.88.1-10+deb12u5') } },
      [0, 0],
    ],
    ['a packed list', { list: { [`${security}.gz`]: gzipSync(pending) } }, ['too_early', 1]],
    [
      'no list of a security suite',
      {
        list: {
          [`${lists}/deb.debian.org_debian_dists_bookworm_main_binary-amd64_Packages`]: pending,
        },
      },
      ['not_known', 'not_known'],
    ],
    [
      'lists that are old',
      { modified: { [`/${lists}`]: factNow - 8 * dayMs, [`/${lists}/partial`]: 1 } },
      ['not_known', 'not_known'],
    ],
    [
      'seen later: as old as since then',
      { kept: seen(30, { 'openssl/amd64 3.0.14-1~deb12u1': 9 }) },
      [9, 1],
    ],
    [
      'there at the first look, 13 days ago',
      { kept: seen(13, { 'openssl/amd64 3.0.14-1~deb12u1': 13 }) },
      ['too_early', 1],
    ],
    [
      'there at the first look, long ago',
      { kept: seen(40, { 'openssl/amd64 3.0.14-1~deb12u1': 40 }) },
      [40, 1],
    ],
    [
      'another version of it is another update',
      { kept: seen(40, { 'openssl/amd64 3.0.12-1': 40 }) },
      [0, 1],
    ],
    ['what is remembered is damaged', { kept: new Map([['updates', 'x']]) }, ['too_early', 1]],
  ])('%s', async (_name, more, expected) => {
    expect((await debian(more)).told).toEqual(expected)
  })

  test('remembers of what is pending since when, and nothing else', async () => {
    const { host } = await debian({ kept: seen(40, { 'bash/amd64 1': 40 }) })
    expect(host.kept.get('updates')).toEqual({
      since: factNow - 40 * dayMs,
      seen: { 'openssl/amd64 3.0.14-1~deb12u1': factNow },
    })
  })
})

function seen(days: number, updates: Readonly<Record<string, number>>): Map<string, unknown> {
  const times = Object.entries(updates).map(([name, age]) => [name, factNow - age * dayMs])
  return new Map([['updates', { since: factNow - days * dayMs, seen: Object.fromEntries(times) }]])
}

// Written after the form of dnf 4's updateinfo command; not recorded on a host.
const dnf4 = `===============================================================================
  Important: kernel security update
===============================================================================
  Update ID: ALSA-2026:1566
       Type: security
    Updated: 2026-09-21 06:17:24
       CVEs: CVE-2026-0001
Description: The kernel packages contain the Linux kernel.
   Severity: Important

===============================================================================
  Moderate: curl security update
===============================================================================
  Update ID: ALSA-2026:1101
       Type: security
    Updated: 2026-08-22 00:00:00
   Severity: Moderate
`
// Written after the fields of dnf5-advisory(8); not recorded on a host.
const dnf5 = `Name        : FEDORA-2026-1f2e3d
Title       : openssl-3.2.4-1.fc43
Severity    : Important
Type        : security
Status      : stable
Vendor      : updates@fedoraproject.org
Issued      : 2026-09-26 01:12:50
`

describe('security updates by the advisories of dnf', () => {
  const command = 'dnf -q -C updateinfo info --security'
  const files = { 'usr/bin/dnf': '', 'var/cache/dnf/last_makecache': '' }
  const modified = { '/var/cache/dnf/last_makecache': factNow - dayMs, '/var/cache/dnf': 1 }
  test.each<[string, FactHostParts, unknown]>([
    ['dnf 4', { said: { [command]: dnf4 } }, [40, 2]],
    ['dnf 5', { said: { [command]: dnf5 } }, [5, 1]],
    ['none', { said: { [command]: '' } }, [0, 0]],
    ['one without a date', { said: { [command]: 'Update ID: X-1\n' } }, ['not_known', 1]],
    [
      'metadata that is old',
      { modified: { ...modified, '/var/cache/dnf/last_makecache': 1 } },
      ['not_known', 'not_known'],
    ],
  ])('%s', async (_name, more, expected) => {
    const readings = await updatesFact.measure(fakeFactHost({ files, modified, ...more }))
    expect(readings.map(({ value, missing }) => missing ?? value)).toEqual(expected)
  })

  test.each<[string, FactHostParts, string]>([
    ['it fails', { files, said: { [command]: { status: 1, stdout: '' } } }, 'unreadable'],
    ['it takes too long', { files }, 'timed_out'],
    ['there is no package manager that we know', { files: {} }, 'no_tool'],
  ])('nothing is said when %s', async (_name, more, reason) => {
    const host = fakeFactHost({ modified, ...more })
    await expect(updatesFact.measure(host)).rejects.toMatchObject({ reason })
  })
})

describe('versions of Debian packages', () => {
  // By `dpkg --compare-versions` of dpkg 1.21.22.
  test.each([
    ['1.0~rc1-1', '1.0-1'],
    ['1.0-1', '1.0-1+deb12u1'],
    ['1.0-1+deb12u1', '1.0-1+deb12u10'],
    ['1.9', '1.10'],
    ['9', '1:1'],
    ['1.0-1~bpo12+1', '1.0-1'],
    ['1.0a', '1.0+'],
    ['1.0', '1.0a'],
    ['2.0-0ubuntu1', '2.0-1'],
    ['1.2.3', '1.2.3-0.1'],
  ])('%s is before %s', (older, newer) => {
    expect(compareDebVersions(older, newer)).toBeLessThan(0)
    expect(compareDebVersions(newer, older)).toBeGreaterThan(0)
    expect(compareDebVersions(newer, newer)).toBe(0)
  })

  test('leading zeros mean nothing', () => {
    expect(compareDebVersions('1.02-1', '1.2-01')).toBe(0)
  })
})

describe('LZ4 frames', () => {
  // `printf 'abcabcabcabcabcabc and so on and so on\n' | lz4 -c`, lz4 1.9.4.
  const frame = 'BCJNGGRApx0AAAA7YWJjAwDwBiBhbmQgc28gb24gYW5kIHNvIG9uCgAAAAB6dfWy'

  test('are unpacked as lz4 packed them', () => {
    expect(unpackLz4(Buffer.from(frame, 'base64')).toString()).toBe(
      'abcabcabcabcabcabc and so on and so on\n',
    )
  })

  test('that are damaged in any way are refused, or are another text', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(255), (at, value) => {
        const bytes = Buffer.from(frame, 'base64')
        bytes[at % bytes.length] = value
        try {
          unpackLz4(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
    )
    expect(() => unpackLz4(Buffer.from('no frame at all'))).toThrow(/no LZ4/)
  })
})
