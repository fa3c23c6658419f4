import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AppError } from './error.ts'
import { addressProblem } from './hooks/address.ts'
import type { OidcSettings } from './people/oidc-settings.ts'

/** How a collector is set up. Frozen; made once from the environment. */
export type Config = {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly registerFile: string | null
  readonly policyFile: string | null
  readonly hooksFile: string | null
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null
  readonly trustedProxies: readonly string[]
  readonly metricsToken: string | null
  /** The provider by which people may sign in; null where there is none. */
  readonly oidc: OidcSettings | null
  readonly logLevel: string
  readonly simulated: boolean
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Every setting: its variable, and what it says in the help text. */
export const settings = {
  HOST: 'address to listen on; default 127.0.0.1',
  PORT: 'port to listen on, 0 to 65535; default 8080; 0 takes a free one',
  DATA_DIR: 'where everything is kept; default ./data',
  ISTIMRAR_REGISTER_FILE: 'register.yaml to apply at start',
  ISTIMRAR_POLICY_FILE: 'policy.yaml to apply at start',
  ISTIMRAR_HOOKS_FILE: 'hooks.yaml: who is told by web hooks; nobody unless set',
  ISTIMRAR_TLS_CERT_FILE: 'certificate chain, PEM; needed to listen beyond this machine',
  ISTIMRAR_TLS_KEY_FILE: 'private key of the certificate, PEM',
  ISTIMRAR_TRUSTED_PROXIES: 'addresses of proxies that end TLS before it, separated by commas',
  ISTIMRAR_METRICS_TOKEN_FILE: 'file with the bearer token that /metrics asks for',
  ISTIMRAR_OIDC_ISSUER: 'OpenID Connect provider people may sign in by, as it names itself; https',
  ISTIMRAR_OIDC_CLIENT_ID: 'what the provider calls this collector',
  ISTIMRAR_OIDC_CLIENT_SECRET_FILE: 'file with the secret the provider gave this collector',
  ISTIMRAR_OIDC_CLAIM: 'claim by which accounts are known, e.g. email; default sub',
  ISTIMRAR_OIDC_CA_FILE: 'authorities of the provider’s certificate, PEM, instead of the usual',
  ISTIMRAR_LOG_LEVEL: `${logLevels.join(', ')}; default info`,
  ISTIMRAR_SIMULATED: 'yes marks every page, metric and export as simulated; default no',
} as const

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the configuration. Throws AppError `configuration` that names all problems at once. */
export function readConfig(environment: Environment): Config {
  const problems = unknownSettings(environment)
  const read = <T>(name: keyof typeof settings, fallback: T, convert: (text: string) => T): T => {
    const text = environment[name]
    if (text === undefined || text === '') return fallback
    try {
      return convert(text)
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}; it is: ${settings[name]}`)
      return fallback
    }
  }
  const cert = read('ISTIMRAR_TLS_CERT_FILE', null, readFile)
  const key = read('ISTIMRAR_TLS_KEY_FILE', null, readFile)
  const issuer = read<string | null>('ISTIMRAR_OIDC_ISSUER', null, toIssuer)
  const clientId = read<string | null>('ISTIMRAR_OIDC_CLIENT_ID', null, toClientId)
  const clientSecret = read('ISTIMRAR_OIDC_CLIENT_SECRET_FILE', null, toToken)
  const claim = read('ISTIMRAR_OIDC_CLAIM', 'sub', toClaim)
  const ca = read<string | null>('ISTIMRAR_OIDC_CA_FILE', null, toCertificates)
  const config: Config = {
    host: read('HOST', '127.0.0.1', (text) => text),
    port: read('PORT', 8080, toPort),
    dataDir: read('DATA_DIR', './data', (text) => text),
    registerFile: read<string | null>('ISTIMRAR_REGISTER_FILE', null, (text) => text),
    policyFile: read<string | null>('ISTIMRAR_POLICY_FILE', null, (text) => text),
    hooksFile: read<string | null>('ISTIMRAR_HOOKS_FILE', null, (text) => text),
    tls: cert && key ? { cert, key } : null,
    trustedProxies: read('ISTIMRAR_TRUSTED_PROXIES', [], toList),
    metricsToken: read('ISTIMRAR_METRICS_TOKEN_FILE', null, toToken),
    oidc: issuer && clientId && clientSecret ? { issuer, clientId, clientSecret, claim, ca } : null,
    logLevel: read('ISTIMRAR_LOG_LEVEL', 'info', oneOf(logLevels)),
    simulated: read('ISTIMRAR_SIMULATED', 'no', oneOf(['yes', 'no'])) === 'yes',
  }
  problems.push(...contradictions(config, cert !== null, key !== null))
  problems.push(...missingForOidc(environment))
  if (problems.length > 0) {
    throw new AppError('configuration', `The settings are wrong:\n  ${problems.join('\n  ')}`)
  }
  return Object.freeze(config)
}

function unknownSettings(environment: Environment): string[] {
  const known = Object.keys(settings)
  return Object.keys(environment)
    .filter((name) => name.startsWith('ISTIMRAR_') && !known.includes(name))
    .map((name) => `${name}: there is no such setting; there are: ${known.join(', ')}`)
}

/** What no setting shows alone: beyond this machine only behind TLS, files in pairs. */
function contradictions(config: Config, hasCert: boolean, hasKey: boolean): string[] {
  const problems: string[] = []
  if (hasCert !== hasKey) {
    problems.push('ISTIMRAR_TLS_CERT_FILE and ISTIMRAR_TLS_KEY_FILE go together')
  }
  const exposed = !isLoopback(config.host)
  if (exposed && !config.tls && config.trustedProxies.length === 0) {
    problems.push(
      `HOST: ${config.host} is reachable from other machines, so TLS is needed: set ` +
        'ISTIMRAR_TLS_CERT_FILE and ISTIMRAR_TLS_KEY_FILE, or name the proxy that ends TLS in ' +
        'ISTIMRAR_TRUSTED_PROXIES',
    )
  }
  if (exposed && config.metricsToken === null) {
    problems.push('ISTIMRAR_METRICS_TOKEN_FILE: needed when HOST is reachable from other machines')
  }
  if ((config.registerFile === null) !== (config.policyFile === null)) {
    problems.push('ISTIMRAR_REGISTER_FILE and ISTIMRAR_POLICY_FILE go together')
  }
  return problems
}

const needsOidc = [
  'ISTIMRAR_OIDC_ISSUER',
  'ISTIMRAR_OIDC_CLIENT_ID',
  'ISTIMRAR_OIDC_CLIENT_SECRET_FILE',
] as const

/** Signing in by a provider needs all three, and its other settings need those. */
function missingForOidc(environment: Environment): string[] {
  const given = Object.keys(environment).filter((name) => environment[name])
  if (!given.some((name) => name.startsWith('ISTIMRAR_OIDC_'))) return []
  return needsOidc
    .filter((name) => !given.includes(name))
    .map((name) => `${name}: needed to sign people in by a provider; it is: ${settings[name]}`)
}

/** Whether an address can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function toPort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error('is not a port')
  return port
}

function toList(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

function toToken(file: string): string {
  const token = readFile(file).toString('utf8').trim()
  if (!/^[\x21-\x7e]{16,200}$/.test(token)) {
    throw new Error('must hold one line of 16 to 200 printable characters')
  }
  return token
}

/** As the provider writes it: the library compares it to the letter. */
function toIssuer(text: string): string {
  const problem = addressProblem(text)
  if (problem) throw new Error(problem)
  if (new URL(text).search !== '') throw new Error('must have no part behind ?')
  return text
}

function toClientId(text: string): string {
  if (!/^[\x21-\x7e]{1,200}$/.test(text)) {
    throw new Error('must be 1 to 200 printable characters without a space')
  }
  return text
}

function toClaim(text: string): string {
  // Names with dots and slashes: some providers write claims of their own as addresses.
  if (!/^[\w.:/-]{1,100}$/.test(text)) throw new Error('is not the name of a claim')
  return text
}

function toCertificates(file: string): string {
  const text = readFile(file).toString('utf8')
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
  if (!found) throw new Error('must hold certificates, PEM')
  for (const each of found) {
    try {
      new X509Certificate(each)
    } catch (cause) {
      throw new Error('holds something that is no certificate', { cause })
    }
  }
  return found.join('\n')
}

function oneOf(allowed: readonly string[]): (text: string) => string {
  return (text) => {
    if (!allowed.includes(text)) throw new Error(`must be one of ${allowed.join(', ')}`)
    return text
  }
}

function readFile(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new Error(`cannot read ${file}`, { cause })
  }
}
