import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { keyTrial, newKeyTrial, othersIn, textOf } from '../../../agent/selftest/key-access.ts'
import { trialContext } from '../../support/trial-context.ts'

describe('othersIn', () => {
  // Form: https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/icacls
  test.each<[string, string, string[]]>([
    [
      'system, administrators, local service',
      'D:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1301bf;;;LS)',
      [],
    ],
    ['a service account of its own', 'D:PAI(A;;FA;;;S-1-5-80-3263513310-3392720605-1)', []],
    ['the one who is at work', 'D:AI(A;ID;FA;;;S-1-5-21-1-2-3-1001)', []],
    ['inherited by all users', 'D:AI(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)', ['BU']],
    ['everyone', 'D:(A;;FR;;;WD)', ['WD']],
    ['everyone by number', 'O:BAD:(A;;FR;;;S-1-1-0)', ['S-1-1-0']],
    ['whoever is known, twice', 'D:(A;;FR;;;AU)(A;ID;FW;;;AU)', ['AU']],
    ['all of the domain', 'D:(A;;FR;;;S-1-5-21-1-2-3-513)', ['S-1-5-21-1-2-3-513']],
    ['everyone is denied', 'D:(D;;FA;;;WD)(A;;FA;;;SY)', []],
    ['nobody', 'D:PAI', []],
    ['no list at all', 'D:NO_ACCESS_CONTROL', ['no access list']],
    ['nothing that is a list', 'Zugriff verweigert', ['no access list']],
  ])('%s', (_name, sddl, others) => {
    expect(othersIn(sddl)).toEqual(others)
  })
})

const saves = (bytes: Buffer, status = 0) =>
  trialContext({
    platform: 'win32',
    run: async ({ file, args }) => {
      expect([file, args[1]]).toEqual(['icacls.exe', '/save'])
      writeFileSync(args[2] ?? '', bytes)
      // What it prints is in the language of the host.
      return { status, stdout: 'تمت معالجة 1 ملفات بنجاح', stderr: '', aborted: false }
    },
  })
const list = (sddl: string) => `agent.key\r\n${sddl}\r\n`
const guarded = 'D:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;LS)'

describe('on Windows', () => {
  test.each([
    ['UTF-16 without a mark', Buffer.from(list(guarded), 'utf16le'), 'pass'],
    ['UTF-16 with a mark', Buffer.from(`\u{feff}${list(guarded)}`, 'utf16le'), 'pass'],
    ['users may read', Buffer.from(list('D:AI(A;ID;FR;;;BU)'), 'utf16le'), 'fail'],
    ['nothing was saved', Buffer.alloc(0), 'fail'],
  ])('%s', async (_name, bytes, result) => {
    expect(await newKeyTrial(saves(bytes))).toMatchObject({ result })
  })

  test('icacls that fails is no proof', async () => {
    await expect(newKeyTrial(saves(Buffer.from(list(guarded)), 5))).rejects.toThrow('icacls')
  })
})

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test('a key made now is guarded', async () => {
    expect(await newKeyTrial(trialContext())).toMatchObject({ result: 'pass' })
  })

  test.each([
    [0o600, 'pass'],
    [0o400, 'pass'],
    [0o640, 'fail'],
    [0o604, 'fail'],
  ])('its own key with mode %o', async (mode, result) => {
    const context = trialContext()
    mkdirSync(context.dir)
    const file = join(context.dir, 'agent.key')
    writeFileSync(file, 'x')
    chmodSync(file, mode)
    expect(await keyTrial(context)).toMatchObject({ result })
  })

  test('before it joined there is none', async () => {
    expect(await keyTrial(trialContext())).toMatchObject({ result: 'not_applicable' })
  })
})

test('textOf reads what icacls writes', () => {
  expect(textOf(Buffer.from('\u{feff}D:', 'utf16le'))).toBe('D:')
  expect(textOf(Buffer.from('D:PAI'))).toBe('D:PAI')
})
