import { once } from 'node:events'
import type { ServerOptions } from 'node:https'
import { connect } from 'node:tls'
import { dayMs, secondMs } from '../../protocol/time.ts'
import { selftestTexts } from '../cli/texts/selftest.ts'
import { said } from '../language.ts'
import { openPost } from '../post.ts'
import { judgedHandshake } from '../probes/certificate.ts'
import { ownCertificate } from './certificate.ts'
import { Servers } from './servers.ts'
import { fail, notApplicable, type Outcome, pass, type Trial, type TrialContext } from './trial.ts'

/** Reports go to no collector whose certificate nobody vouches for. */
export const untrustedTrial: Trial = (context) =>
  refused(context, {}, /SELF_SIGNED|UNABLE_TO|UNTRUSTED|CERT/)

/**
 * Reports go over no protocol older than TLS 1.2. The server is one that speaks an older one, which
 * is tried first: a refusal by a server that cannot speak at all would prove nothing.
 */
export const oldProtocolTrial: Trial = (context) => {
  const old = { maxVersion: 'TLSv1.1', ...judgedHandshake } as const
  return refused(context, old, /PROTOCOL|EPROTO|VERSION|ECONNRESET|HANDSHAKE/)
}

async function refused(
  { clock }: TrialContext,
  options: ServerOptions,
  rightly: RegExp,
): Promise<Outcome> {
  await using servers = new Servers()
  const now = clock.wall()
  const certificate = ownCertificate(now - dayMs, now + dayMs)
  const port = await servers.secure({ ...certificate, ...options })
  if (!(await speaks(port))) return notApplicable(said(selftestTexts.noOldProtocol))
  const { post, close } = await openPost(`https://127.0.0.1:${port}/`, { timeoutMs: 5 * secondMs })
  try {
    await post('/v1/batches', 'selftest', new AbortController().signal)
    return fail(said(selftestTexts.accepted))
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code ?? (error as Error).name)
    const text = rightly.test(code) ? selftestTexts.refused : selftestTexts.wrongRefusal
    return rightly.test(code) ? pass(said(text, { code })) : fail(said(text, { code }))
  } finally {
    close()
  }
}

/** Whether anybody who asks for nothing in particular can shake hands with a server. */
async function speaks(port: number): Promise<boolean> {
  const socket = connect({ ...judgedHandshake, host: '127.0.0.1', port })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(5 * secondMs) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
