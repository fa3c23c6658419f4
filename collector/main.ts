import { uptime } from 'node:os'
import { type Logger, pino } from 'pino'
import { DocumentError } from '../protocol/document.ts'
import { localUrl, removeAdminFile, writeAdminFile } from './cli/admin-file.ts'
import { type Collector, openCollector } from './collector.ts'
import { type Config, readConfig } from './config.ts'
import { AppError } from './error.ts'
import { readHooks } from './hooks/hooks-file.ts'
import { watchLoopDelay } from './http/loop-delay.ts'
import { kernelBoot } from './ingest/clock-watch.ts'
import { readDeclared } from './register/files.ts'

/** The only place that reads the clock, the arguments, the environment. */

const now = () => Date.now()
const stopSignals = ['SIGTERM', 'SIGINT'] as const
const [command = 'serve', ...args] = process.argv.slice(2)

try {
  if (command === 'serve' && args.length === 0) await serve(readConfig(process.env))
  else {
    // The collector itself needs none of them.
    const { run } = await import('./cli/commands.ts')
    process.exitCode = await run(command, context(), args)
  }
} catch (error) {
  const expected = error instanceof AppError || error instanceof DocumentError
  const failed = error instanceof AppError && error.code !== 'configuration'
  console.error(expected ? error.message : error)
  process.exit(expected && !failed ? 2 : 1)
}

function context() {
  const { env: environment, stdout, stderr } = process
  const out = (text: string) => void stdout.write(text)
  const err = (text: string) => void stderr.write(text)
  return { environment, now, out, err }
}

async function serve(config: Config): Promise<void> {
  const logger = pino({ level: config.logLevel, base: null })
  const { registerFile, policyFile, hooksFile } = config
  const declared = registerFile && policyFile ? readDeclared(registerFile, policyFile, now()) : null
  const hooks = hooksFile ? readHooks(hooksFile) : null
  const onFatal = (error: unknown) => {
    logger.fatal({ err: error }, 'the collector ends, because going on could lose evidence')
    process.exit(1)
  }
  const collector = await openCollector({
    ...{ config, declared, hooks, logger, now, onFatal },
    uptimeMs: () => uptime() * 1_000,
    boot: kernelBoot(),
    timerMs: () => performance.now(),
    loopDelayMs: watchLoopDelay(),
  })
  const url = await listen(collector.app, config)
  const stop = () => {
    for (const signal of stopSignals) process.off(signal, stop)
    removeAdminFile(config.dataDir)
    collector.close().then(() => process.exit(0), onFatal)
  }
  for (const signal of stopSignals) process.on(signal, stop)
  // A starter that ended without saying so must not leave a collector behind.
  process.once('disconnect', stop)
  letCommandsIn(collector, config, url, logger)
  const loginUrl = `${url}/login#${collector.issueLoginCode()}`
  logger.info({ url }, 'collector listens')
  // A starter that spawned us over IPC prints the login itself and needs no text to parse.
  if (process.send) process.send({ url, loginUrl, code: collector.issueLoginCode() })
  else console.log(`Board: ${loginUrl}`)
}

/** Without the file commands that ask the collector do not work; agents do. */
function letCommandsIn(
  collector: Collector,
  { dataDir, host, tls }: Config,
  url: string,
  logger: Logger,
): void {
  const certificate = tls?.cert.toString('utf8') ?? null
  const access = { url: localUrl(url, host), token: collector.issueAdminToken(), certificate }
  try {
    writeAdminFile(dataDir, access)
  } catch (error) {
    logger.error({ err: error }, 'commands on this machine cannot ask the collector')
  }
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
