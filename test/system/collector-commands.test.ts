import { execFile } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { dayMs } from '../../protocol/time.ts'
import { makeCertificate } from '../support/certificates.ts'
import { exampleFiles } from '../support/collector.ts'
import { temporaryFolder } from '../support/folder.ts'
import { rootDir, startProcess } from '../support/processes.ts'

const run = promisify(execFile)

/** Runs a command of the collector as a person on the same machine would. */
async function command(dataDir: string, ...args: string[]) {
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir }
  const file = ['collector/main.ts', ...args]
  return run(process.execPath, file, { cwd: rootDir, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      ...{ code, stdout, stderr },
    }),
  )
}

test('while it serves, with its own certificate and everywhere, commands ask it', async () => {
  using folder = temporaryFolder()
  const now = Date.now()
  const dates = { from: now - dayMs, to: now + dayMs }
  const { cert, key } = makeCertificate({ names: ['monitor.example'], ...dates })
  writeFileSync(folder.file('cert.pem'), cert)
  writeFileSync(folder.file('key.pem'), key)
  writeFileSync(folder.file('metrics'), 'a-token-for-prometheus')
  const dataDir = folder.file('data')
  const adminFile = folder.file('data/admin.json')
  await using serving = startProcess(['collector/main.ts'], {
    DATA_DIR: dataDir,
    HOST: '0.0.0.0',
    PORT: '0',
    ISTIMRAR_REGISTER_FILE: exampleFiles.register,
    ISTIMRAR_POLICY_FILE: exampleFiles.policy,
    ISTIMRAR_TLS_CERT_FILE: folder.file('cert.pem'),
    ISTIMRAR_TLS_KEY_FILE: folder.file('key.pem'),
    ISTIMRAR_METRICS_TOKEN_FILE: folder.file('metrics'),
  })
  await serving.line(/Board: https:/)
  expect(statSync(adminFile).mode & 0o777).toBe(0o600)
  const place = ['--institution', 'local', '--environment', 'this-machine']
  const made = await command(dataDir, 'token', ...place)
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[\w-]{43}\n$/) })
  const listed = await command(dataDir, 'tokens')
  expect(listed.stdout).toMatch(/^[0-9a-f]{12} +open +0\/1 /m)
  expect(serving.output()).not.toContain(made.stdout.trim())
  const unknown = await command(dataDir, 'revoke', 'a-0000', '--why', 'a test')
  expect(unknown).toMatchObject({ code: 1, stderr: 'There is no such agent.\n' })
  expect(await serving.stop()).toBe(0)
  expect(existsSync(adminFile)).toBe(false)
  const late = await command(dataDir, 'tokens')
  expect(late.code).toBe(1)
  expect(late.stderr).toMatch(/^The collector is not running in DATA_DIR/)
})
