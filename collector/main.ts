import { pino } from 'pino'
import { DocumentError } from '../protocol/document.ts'
import { openCollector } from './collector.ts'
import { type Config, readConfig, settings } from './config.ts'
import { AppError } from './error.ts'
import { pendingEntries, readDeclared } from './register/files.ts'
import { sqliteReader } from './store/sqlite/sqlite.ts'
import { version } from './version.ts'

/**
 * The collector's commands. The only place that reads the clock, the arguments, the environment.
 */

const help = `istimrar collector ${version}

Usage: node collector/main.ts [command]

  serve    run the collector (default)
  check    read register.yaml and policy.yaml, name every problem
  diff     show what applying the files would change, without applying them
  help     show this text

Settings, from the environment:
${Object.entries(settings)
  .map(([name, text]) => `  ${name.padEnd(30)}${text}`)
  .join('\n')}

Exit status: 0 done, 1 failed, 2 wrong settings or files.
`

const now = () => Date.now()
const stopSignals = ['SIGTERM', 'SIGINT'] as const
const command = process.argv[2] ?? 'serve'

try {
  await run(command)
} catch (error) {
  const expected = error instanceof AppError || error instanceof DocumentError
  const failed = error instanceof AppError && error.code !== 'configuration'
  console.error(expected ? error.message : error)
  process.exit(expected && !failed ? 2 : 1)
}

async function run(name: string): Promise<void> {
  if (name === 'help' || name === '--help') process.stdout.write(help)
  else if (name === 'serve') await serve(readConfig(process.env))
  else if (name === 'check') check(readConfig(process.env))
  else if (name === 'diff') await diff(readConfig(process.env))
  else throw new AppError('configuration', `There is no command ${name}.\n\n${help}`)
}

function declaredBy({ registerFile, policyFile }: Config) {
  return registerFile && policyFile ? readDeclared(registerFile, policyFile, now()) : null
}

function requireDeclared(config: Config) {
  const declared = declaredBy(config)
  if (declared) return declared
  const missing = 'Set ISTIMRAR_REGISTER_FILE and ISTIMRAR_POLICY_FILE.'
  throw new AppError('configuration', missing)
}

function check(config: Config): void {
  const { register } = requireDeclared(config)
  console.log(`Both files are right. Institutions: ${register.institutions.length}.`)
}

async function diff(config: Config): Promise<void> {
  const declared = requireDeclared(config)
  const reader = sqliteReader(`${config.dataDir}/collector.db`)
  const applying = { actor: '', role: '', why: '', effectiveFrom: now() }
  const entries = await pendingEntries(reader, declared, applying, applying.effectiveFrom)
  for (const { what, before, after } of entries) {
    console.log(`${what}\n  - ${JSON.stringify(before)}\n  + ${JSON.stringify(after)}`)
  }
  console.log(entries.length === 0 ? 'No difference.' : `${entries.length} differences.`)
  await reader.close()
}

async function serve(config: Config): Promise<void> {
  const logger = pino({ level: config.logLevel, base: null })
  const declared = declaredBy(config)
  const onFatal = (error: unknown) => {
    logger.fatal({ err: error }, 'the collector ends, because going on could lose evidence')
    process.exit(1)
  }
  const collector = await openCollector({ config, declared, logger, now, onFatal })
  const url = await listen(collector.app, config)
  const stop = () => {
    for (const signal of stopSignals) process.off(signal, stop)
    collector.close().then(() => process.exit(0), onFatal)
  }
  for (const signal of stopSignals) process.on(signal, stop)
  // A starter that ended without saying so must not leave a collector behind.
  process.once('disconnect', stop)
  const loginUrl = `${url}/login#${collector.issueLoginCode()}`
  logger.info({ url }, 'collector listens')
  // A starter that spawned us over IPC prints the login itself and needs no text to parse.
  if (process.send) process.send({ url, loginUrl, code: collector.issueLoginCode() })
  else console.log(`Board: ${loginUrl}`)
}

async function listen(
  app: { listen(options: { host: string; port: number }): Promise<string> },
  { host, port }: Config,
): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (cause) {
    const { code } = cause as { code?: string }
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw cause
    const why = code === 'EACCES' ? 'this user may not use the port' : 'the port is taken'
    const message = `Cannot listen on ${host}:${port}: ${why}. Set PORT to another one.`
    throw new AppError('configuration', message, { cause })
  }
}
