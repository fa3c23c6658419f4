import { execFile, execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildVerify, verifierName } from '../../deploy/build-verify.ts'
import { mutants } from '../faults/tampering/all.ts'
import { writeLines } from '../faults/tampering/file.ts'
import { judgeMutant, judgeSet, type Outside, type Verdict } from '../faults/tampering/mutant.ts'
import { setMutants } from '../faults/tampering/set-edits.ts'
import { makeWorld, type World } from '../faults/tampering/world.ts'
import { temporaryFolder } from '../support/folder.ts'

/** The oldest Node on the PATH: an auditor has any from 20 on. */
function oldestNode(): string {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .filter((file) => existsSync(file))
  const major = (file: string) =>
    Number(execFileSync(file, ['-p', 'parseInt(process.versions.node)']))
  return found.sort((a, b) => major(a) - major(b))[0] ?? process.execPath
}

let folder: ReturnType<typeof temporaryFolder>
let world: World
const node = oldestNode()
const codes = ['ok', 'broken', 'incomplete'] as const

beforeAll(async () => {
  folder = temporaryFolder()
  await buildVerify(folder.path)
  // Alone in an empty folder: nothing of ours is to be found beside it.
  copyFileSync(join(folder.path, verifierName), folder.file('alone.mjs'))
  world = await makeWorld(folder.path)
})

afterAll(() => folder[Symbol.dispose]())

type Ended = { readonly code: number; readonly out: string; readonly err: string }

function run(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: {}, cwd: '/', maxBuffer: 16 * 1024 * 1024 }
    execFile(node, [folder.file('alone.mjs'), ...args], options, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    )
  })
}

async function shipped(file: string, outside: Outside): Promise<Verdict> {
  const given = Object.entries(outside).flatMap(([name, path]) => (path ? [`--${name}`, path] : []))
  const { code, out, err } = await run(file, ...given)
  return { result: codes[code] ?? 'ok', said: code === 0 ? 'ok' : `${out}${err}` }
}

describe(`the verifier as one file, by ${execFileSync(node, ['--version'])}`.trim(), () => {
  test('tells what holds, what it rests on and what no signature proves', async () => {
    const { code, out, err } = await run(world.sets.roads)
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('rror') })
    expect(out).toMatch(/^ok: evidence of roads, exported /)
    expect(out).toContain('computed again, equal digit by digit')
    expect(out).toContain('all tables were made again and are the same')
    expect(out).toContain('What signatures do not prove:')
    expect(out).toContain('a log rewritten as a whole would not show')
  })

  test('in Arabic too', async () => {
    const { code, out } = await run(world.sets.roads, '--language', 'ar')
    expect(code).toBe(0)
    expect(out).toContain('ما لا تثبته التوقيعات:')
    expect(out).toContain('إيصالات الاستلام')
  })

  test('of a nation it says what it did not compute, and computes it beside all institutions', async () => {
    const { nation, institutions } = world.sets
    expect((await run(nation)).out).toContain('NOT computed again. They rest on 3')
    const { code, out } = await run(nation, '--institutions', institutions)
    expect(code).toBe(0)
    expect(out).toContain('computed again from the evidence of all 3 institutions')
  })

  test('checks the nation with all institutions whole', async () => {
    const whole = folder.file('whole')
    cpSync(world.sets.nation, join(whole, 'nation'), { recursive: true })
    cpSync(world.sets.institutions, join(whole, 'institutions'), { recursive: true })
    const { code, out } = await run(whole)
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('all 3 institutions') })
    rmSync(join(whole, 'institutions/ports'), { recursive: true })
    const cut = await run(whole, '--language', 'ar')
    expect([cut.code, cut.out]).toEqual([2, expect.stringMatching(/^غير مكتمل.*ports/)])
  })

  test('exit status 2 for what cannot be read, and for arguments that are none', async () => {
    for (const args of [['/nothing'], [], ['--language', 'fr', world.sets.roads], ['--what']]) {
      const { code, out, err } = await run(...args)
      expect(code, args.join(' ')).toBe(2)
      expect(out + err).not.toBe('')
    }
    writeLines(folder.file('empty.jsonl'), '')
    expect((await run(folder.file('empty.jsonl'))).code).toBe(2)
  })

  test.each([
    'signed anew: the logs are cut off at their end',
    'all of it signed anew by another key',
  ])('%s: passes alone, with a warning; not beside receipts', async (name) => {
    const { lines } = await mutants.find((mutant) => mutant.name === name)!.make(world)
    const file = folder.file('signed-anew.jsonl')
    writeLines(file, lines)
    const alone = await run(file)
    expect(alone.code).toBe(0)
    expect(alone.out).toContain('a log rewritten as a whole would not show')
    expect(alone.out).toContain('only receipts and checkpoints kept by others show that')
    const receipts = folder.file('kept-receipts')
    writeLines(receipts, `${world.receipts.health.join('\n')}\n`)
    const beside = await run(file, '--receipts', receipts)
    expect(beside.code).toBe(1)
    expect(beside.out).toMatch(/^broken: /)
  })

  test('a collection of garbage while a key is made does not stop it for ever', async () => {
    const file = folder.file('keys.mjs')
    const bundled = { bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' } as const
    await build({ ...bundled, entryPoints: ['protocol/jws.ts'], outfile: file })
    const loop = `const { generateKey } = await import('${file}')
      for (let made = 0; made < 5_000; made++) generateKey()
      console.log('made')`
    const often = ['--max-semi-space-size=1', '--input-type=module', '-e', loop]
    expect(execFileSync(node, often, { timeout: 120_000 }).toString()).toBe('made\n')
  })

  test('every way to tamper is caught', async () => {
    const all = [
      ...mutants.map((mutant) => [mutant.name, judgeMutant.bind(null, mutant)] as const),
      ...setMutants.map((mutant) => [mutant.name, judgeSet.bind(null, mutant)] as const),
    ]
    const left = all.values()
    const missed: string[] = []
    const lane = async (own: string) => {
      mkdirSync(own)
      for (const [name, judge] of left) {
        const { isKilled, said } = await judge({ ...world, folder: own }, shipped)
        if (!isKilled) missed.push(`${name}: ${said}`)
      }
    }
    // A process each: as many at a time as a small machine has cores.
    await Promise.all([lane(folder.file('lane-1')), lane(folder.file('lane-2'))])
    expect(missed).toEqual([])
    expect(all.length).toBeGreaterThanOrEqual(174)
  })
})
