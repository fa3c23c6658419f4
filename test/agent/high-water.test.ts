import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HighWater } from '../../agent/high-water.ts'
import { openSpool } from '../../agent/spool-file.ts'
import { temporaryFolder } from '../support/agent-folder.ts'

const place = (epoch: number, seq: number) => ({ epoch, seq })

test.each([
  ['nothing was sent', null, place(1, 1), false],
  ['all that was sent is known', place(1, 7), place(1, 8), false],
  ['what was sent is to be sent anew', place(1, 7), place(1, 7), true],
  ['an earlier epoch', place(2, 1), place(1, 9), true],
  ['a later epoch', place(1, 9), place(2, 1), false],
  ['a spool that knows itself lost', place(1, 7), null, false],
])('%s', (_name, sent, next, isAbove) => {
  const dir = temporaryFolder()
  if (sent) new HighWater(dir).raise(sent)
  expect(new HighWater(dir).isAbove(next)).toBe(isAbove)
})

test('it never falls, and a mark that is no mark stops nothing', () => {
  const dir = temporaryFolder()
  const mark = new HighWater(dir)
  mark.raise(place(2, 5))
  mark.raise(place(2, 4))
  expect(new HighWater(dir).isAbove(place(2, 5))).toBe(true)
  writeFileSync(join(dir, 'sent.mark'), Buffer.alloc(12))
  expect(new HighWater(dir).isAbove(place(1, 1))).toBe(false)
})

test('it is raised again where its file was taken away, and where an older one is shorter', () => {
  const dir = temporaryFolder()
  const mark = new HighWater(dir)
  mark.raise(place(1, 1))
  rmSync(join(dir, 'sent.mark'))
  mark.raise(place(1, 2))
  expect(new HighWater(dir).isAbove(place(1, 2))).toBe(true)
  writeFileSync(join(dir, 'sent.mark'), '1 2\n')
  new HighWater(dir).raise(place(1, 1_003))
  expect(new HighWater(dir).isAbove(place(1, 1_003))).toBe(true)
  expect(new HighWater(dir).isAbove(place(1, 1_004))).toBe(false)
})

test('a spool that went back to before a message was sent is lost: it asks for its place', () => {
  const dir = temporaryFolder()
  const before = temporaryFolder()
  const spool = openSpool(dir, 0)
  spool.commit({ states: { cursor: { ...place(1, 3), prev: '', afterLoss: false } } })
  spool.close()
  cpSync(join(dir, 'spool.sqlite'), join(before, 'spool.sqlite'))
  const sent = openSpool(dir, 0)
  sent.commit({ attempted: place(1, 3), states: { cursor: place(1, 4) } })
  sent.close()
  for (const name of readdirSync(dir)) if (name.startsWith('spool.')) rmSync(join(dir, name))
  cpSync(join(before, 'spool.sqlite'), join(dir, 'spool.sqlite'))
  const back = openSpool(dir, 9)
  expect(back.state('cursor')).toBeNull()
  back.close()
  expect(readdirSync(dir)).toContain('spool.sqlite.damaged-9')
})
