import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Identity, signerOf, writeIdentity } from '../../agent/identity.ts'
import { ensureKey } from '../../agent/key-files.ts'
import { openSpool } from '../../agent/spool-file.ts'
import { noPrevious, publicKeyText } from '../../protocol/jws.ts'
import { dayMs } from '../../protocol/time.ts'
import type { FakeCollector } from './fake-collector.ts'

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'agent-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** An agent as it is a day after `agent enrol`: key, identity and an empty spool. */
export function enrolledFolder(collector: FakeCollector, enrolledAt = Date.now() - dayMs) {
  const dir = temporaryFolder()
  const key = ensureKey(dir)
  const { v: _, epoch, ...answer } = collector.enrol(publicKeyText(key))
  const identity: Identity = { ...answer, name: 'web-1', collector: collector.url, enrolledAt }
  const spool = openSpool(dir, 0)
  spool.commit({ states: { cursor: { epoch, seq: 1, prev: noPrevious, afterLoss: false } } })
  spool.close()
  writeIdentity(dir, identity)
  return { dir, identity, signer: signerOf(key) }
}

/** An agent.yaml with a check that works and one that does not; answers its file. */
export function agentYaml(collector: string, more = ''): string {
  const file = join(temporaryFolder(), 'agent.yaml')
  writeFileSync(
    file,
    `apiVersion: istimrar.agent/v1
collector: ${collector}
name: web-1
checks:
  - { name: host, kind: host }
  - { name: gone, kind: tcp, host: 127.0.0.1, port: 1 }
${more}`,
  )
  return file
}
