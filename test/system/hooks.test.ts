import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { exampleFiles } from '../support/collector.ts'
import { temporaryFolder } from '../support/folder.ts'
import { openReceiver } from '../support/hook-receiver.ts'
import { rootDir, startProcess } from '../support/processes.ts'

const run = promisify(execFile)

test('a collector that serves sends web hooks, and commands show that', async () => {
  using folder = temporaryFolder()
  const key = Buffer.alloc(32, 5)
  await using receiver = await openReceiver([key], Date.now)
  writeFileSync(folder.file('wall.secret'), `whsec_${key.toString('base64')}\n`)
  writeFileSync(
    folder.file('hooks.yaml'),
    `apiVersion: istimrar.hooks/v1
hooks: [{ id: wall, url: "${receiver.url}", secretFile: wall.secret }]
`,
  )
  const env = {
    DATA_DIR: folder.file('data'),
    ISTIMRAR_REGISTER_FILE: exampleFiles.register,
    ISTIMRAR_POLICY_FILE: exampleFiles.policy,
    ISTIMRAR_HOOKS_FILE: folder.file('hooks.yaml'),
  }
  const command = (...args: string[]) =>
    run(process.execPath, ['collector/main.ts', ...args], {
      ...{ cwd: rootDir, env: { PATH: process.env.PATH, ...env } },
    }).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr }),
    )
  expect((await command('check')).said).toContain('The file of web hooks is right. Hooks: 1.')
  await using serving = startProcess(['collector/main.ts'], { ...env, PORT: '0' })
  const [board] = await serving.line(/http:\/\/127\.0\.0\.1:\d+/)
  await serving.line(/Board: http:/)
  const listed = await command('hooks', 'list')
  expect(listed.said).toMatch(
    /^wall +http:\/\/127\.0\.0\.1:\d+ +0 +0 +0 +ar +all +environment_down /m,
  )
  expect(await command('hooks', 'test', 'wall')).toEqual({
    ...{ code: 0, said: 'It was taken: status 204.\n' },
  })
  expect(receiver.received).toMatchObject([{ verified: 1 }])
  expect((await command('hooks', 'deliveries', '--state', 'waiting')).said).toMatch(/^NUMBER +MADE/)
  const metrics = await (await fetch(`${board}/metrics`)).text()
  expect(metrics).toContain('istimrar_hook_deliveries_total{hook="wall",outcome="delivered"} 0\n')
  expect(metrics).toContain('istimrar_hook_waiting_events{hook="wall"} 0\n')
  expect(await serving.stop()).toBe(0)
  expect(serving.output()).not.toMatch(/secret-path|whsec_/)
})
