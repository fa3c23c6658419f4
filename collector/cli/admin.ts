import { X509Certificate } from 'node:crypto'
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { readConfig } from '../config.ts'
import { AppError, type ErrorCode } from '../error.ts'
import { type AdminAccess, notRunning, readAdminFile } from './admin-file.ts'
import type { Context } from './command.ts'

const timeoutMs = 30_000
/** A page of 1,000 agents is about 0.5 MiB. */
const answerBytesMax = 16 * 1024 * 1024

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Answer = { readonly status: number; readonly body: string }

/**
 * Asks the collector that runs on the data directory, as its local administrator and through the
 * API that everybody uses. Throws AppError: `unavailable` when it does not run, else as it refuses.
 */
export async function ask<T>(
  context: Context,
  path: string,
  body?: object,
  method: Method = body ? 'POST' : 'GET',
): Promise<T> {
  const { dataDir } = readConfig(context.environment)
  const access = readAdminFile(dataDir)
  const { status, body: text } = await exchange(access, path, method, body).catch(
    (cause: Error) => {
      const { code } = cause as { code?: string }
      // The file of a collector that was killed is still there.
      throw code === 'ECONNREFUSED' ? notRunning(dataDir, cause) : unreachable(cause)
    },
  )
  // The API's schemas say what it is; of what is gone nothing is left to say.
  if (status < 300) return JSON.parse(text === '' ? 'null' : text) as T
  throw refusal(status, text, dataDir)
}

function unreachable(cause: Error): AppError {
  return new AppError('unavailable', `Cannot ask the collector: ${cause.message}`, { cause })
}

function refusal(status: number, text: string, dataDir: string): AppError {
  // Whoever listens there now is not who wrote the file.
  if (status === 401) return notRunning(dataDir, null)
  try {
    type Refusal = { code: ErrorCode; message: string } & Record<string, unknown>
    const { code, message, ...detail } = JSON.parse(text) as Refusal
    return new AppError(code === 'configuration' ? 'invalid' : code, message, { detail })
  } catch (cause) {
    return new AppError('unavailable', `The collector answered with status ${status}.`, { cause })
  }
}

function exchange(
  access: AdminAccess,
  path: string,
  method: Method,
  body?: object,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const text = body && JSON.stringify(body)
  const options = {
    method,
    headers: {
      authorization: `Bearer ${access.token}`,
      // Node names no length of its own for the body of a DELETE.
      ...(text !== undefined && {
        ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      }),
    },
    signal: AbortSignal.timeout(timeoutMs),
    agent: false as const,
  }
  const url = new URL(path, access.url)
  const { certificate } = access
  const request = certificate
    ? tlsRequest(url, { ...options, ...pinned(certificate) })
    : plainRequest(url, options)
  request.on('error', reject)
  request.on('response', (response) => {
    const parts: Buffer[] = []
    let bytes = 0
    response.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes > answerBytesMax) response.destroy(new Error('The answer is too long.'))
      else parts.push(part)
    })
    response.on('error', reject)
    response.on('end', () => {
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() })
    })
  })
  request.end(text)
  return promise
}

/**
 * Believes the collector's own certificate and no other, whatever name it bears: a command asks at
 * an address of this machine, for which no certificate is made.
 */
function pinned(certificate: string) {
  const own = new X509Certificate(certificate).fingerprint256
  return {
    ca: certificate,
    allowPartialTrustChain: true,
    checkServerIdentity: (_name: string, { fingerprint256 }: { fingerprint256: string }) =>
      fingerprint256 === own ? undefined : new Error('its certificate is another one'),
  }
}
