import type { FastifyBaseLogger } from 'fastify'
import { dataFiles } from '../operations/data-files.ts'
import { HookStore } from './hook-store.ts'
import type { Hooks, HooksOptions } from './hooks.ts'
import type { HookSettings } from './hooks-file.ts'

export type StartHooksOptions = Pick<HooksOptions, 'now' | 'timer' | 'cycleUse'> & {
  readonly config: { readonly dataDir: string }
  readonly hooks?: HookSettings | null
  readonly logger: FastifyBaseLogger
  readonly random?: HooksOptions['random']
}

/** Begins to send what waits; null where nobody is to be told of anything. Throws AppError. */
export async function startHooks(options: StartHooksOptions): Promise<Hooks | null> {
  const { config, hooks: settings, logger, now, timer, cycleUse } = options
  if (!settings) return null
  // The package that sends takes memory.
  const [{ Hooks }, { openSend }] = await Promise.all([import('./hooks.ts'), import('./send.ts')])
  return new Hooks({
    ...{ settings, now, timer, cycleUse, random: options.random ?? Math.random },
    store: new HookStore(dataFiles(config.dataDir).hooks),
    send: openSend(),
    onFailure: (failure) => logger.warn(failure, 'a web hook did not take an event'),
    onError: (error) => logger.error({ err: error }, 'web hooks failed'),
  })
}
