import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TlsOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { ensureKey, readKey } from '../../agent/key-files.ts'
import { dayMs } from '../../protocol/time.ts'
import { temporaryFolder } from '../support/agent-folder.ts'
import { makeCertificate } from '../support/certificates.ts'
import { listen } from '../support/loopback.ts'

const main = join(import.meta.dirname, '../../agent/main.ts')
const now = Date.now()
const valid = { from: now - dayMs, to: now + dayMs }
const authority = makeCertificate({ names: ['Own CA'], authority: true, ...valid })
const known = makeCertificate({ names: ['localhost'], issuer: authority.issuer, ...valid })
const selfSigned = makeCertificate({ names: ['localhost'], ...valid })

/** Everything by which an environment could try to weaken TLS. */
const weak = {
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  NODE_OPTIONS: '--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0',
}

type Options = TlsOptions & { listener?: RequestListener }

/** Runs a command against an HTTPS server; answers what it said and what the server was asked. */
async function agent(args: string[], options: Options, env: Record<string, string> = {}) {
  const asked: string[] = []
  const listener: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end('{"keys":[]}')
  }
  const port = await listen(createServer(options, options.listener ?? listener), 0, 'localhost')
  const folder = temporaryFolder()
  const config = join(folder, 'agent.yaml')
  writeFileSync(join(folder, 'own.pem'), authority.cert)
  const own = args.includes('--own') ? 'authorities: own.pem\n' : ''
  const head = `apiVersion: istimrar.agent/v1\ncollector: https://localhost:${port}\nname: web-1\n`
  writeFileSync(config, `${head}${own}${looks(port)}`)
  const given = args.filter((arg) => arg !== '--own')
  const dir = given[0] === 'check' ? [] : ['--dir', join(folder, 'data')]
  const where = ['--config', config, ...dir]
  const child = spawn(process.execPath, [main, ...given, ...where], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await ended
  return { code, out, err, asked }
}

/** A check of each kind that trusts or does not trust whom it meets. */
const looks = (port: number) => `checks:
  - { name: page, kind: http, url: 'https://localhost:${port}/' }
  - { name: certificate, kind: tls, host: localhost, port: ${port} }
  - { name: visit, kind: journey, steps: [{ url: 'https://localhost:${port}/' }] }
`

const enrol = ['enrol', '--token', 'x'.repeat(43)]

describe('no environment switches the verification of TLS off', () => {
  test.each([
    ['a certificate that nobody vouches for', selfSigned, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [
      'a protocol that is too old',
      { ...known, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'EPROTO',
    ],
  ] as const)('%s: nothing is sent', async (_name, options, code) => {
    const said = await agent([...enrol, '--own'], options, weak)
    expect(said.code).toBe(1)
    expect(said.err).toContain(code)
    expect(said.asked).toEqual([])
  })

  test('nor does a proxy learn the password that proves itself to nobody', async () => {
    const asked: (string | undefined)[] = []
    const proxy = createServer(selfSigned).on('connect', (request, socket) => {
      asked.push(request.headers['proxy-authorization'])
      socket.destroy()
    })
    const port = await listen(proxy, 0, 'localhost')
    const way = { HTTPS_PROXY: `https://agent:password@localhost:${port}` }
    const said = await agent([...enrol, '--own'], known, { ...weak, ...way })
    expect(said.err).toContain('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect([asked, said.asked]).toEqual([[], []])
  })

  test('the authority in agent.yaml is trusted, none other', async () => {
    const own = await agent([...enrol, '--own'], known, weak)
    expect(own.asked).toEqual(['POST /v1/enrolments'])
    const none = await agent(enrol, known, weak)
    expect(none.asked).toEqual([])
    expect(none.err).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  test.each([
    ['page', 'degraded', 'certificate_untrusted'],
    ['certificate', 'degraded', 'certificate_untrusted'],
    ['visit', 'down', 'certificate_untrusted'],
  ])('so do looks: %s', async (name, state, reason) => {
    const lasting = { issuer: authority.issuer, from: now - dayMs, to: now + 90 * dayMs }
    const server = makeCertificate({ names: ['localhost'], ...lasting })
    const seen = async (args: string[]) => {
      const { out } = await agent(['check', name, ...args], server, weak)
      return JSON.parse(out)
    }
    expect(await seen(['--own'])).toMatchObject({ state: 'up' })
    expect(await seen([])).toMatchObject({ state, reason })
  })

  test('the doctor sends nothing but a GET, and names what is wrong in Arabic', async () => {
    const right = await agent(['doctor', '--own', '--json'], known, weak)
    expect(right.asked).toEqual(['GET /v1/log-keys'])
    const steps = JSON.parse(right.out).findings as { step: string; outcome: string }[]
    const faults = steps.filter(({ outcome }) => outcome === 'fault').map(({ step }) => step)
    expect(faults.filter((step) => step !== 'facts')).toEqual(['enrolment'])
    const wrong = await agent(['doctor', '--lang', 'ar'], selfSigned, weak)
    expect([wrong.code, wrong.asked]).toEqual([1, []])
    expect(wrong.out).toMatch(/^عطل +الاتصال الآمن +أصدر الشهادة من لا يثق به هذا الجهاز/m)
  })
})

describe('the language of a real process', () => {
  test.each([
    [{ LANG: 'ar_OM.UTF-8' }, [], /\p{Script=Arabic}/u],
    [{ LANG: 'ar_OM.UTF-8' }, ['--lang', 'en'], /^Istimrar agent /],
    [{ LC_ALL: 'C', LANG: 'ar_OM.UTF-8' }, [], /^Istimrar agent /],
    [{}, ['--lang=ar'], /\p{Script=Arabic}/u],
  ])('%j %j', async (env, args, expected) => {
    const child = spawn(process.execPath, [main, ...args, 'help'], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    expect(await text(child.stdout)).toMatch(expected)
  })

  test('where nobody can be asked, nothing is removed', async () => {
    const dir = temporaryFolder()
    ensureKey(dir)
    const child = spawn(process.execPath, [main, 'uninstall', '--dir', dir], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code] = await once(child, 'exit')
    expect(code).toBe(1)
    expect(readKey(dir, 'current')).not.toBeNull()
  })

  test('a language there is not is an error of the command line', async () => {
    const wrong = spawn(process.execPath, [main, 'status', '--lang', 'fr'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const ended = once(wrong, 'exit')
    expect(await text(wrong.stderr)).toContain('agent: --lang takes ar or en.')
    expect((await ended)[0]).toBe(2)
  })
})
