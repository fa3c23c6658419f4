import { hourMs, secondMs } from '../../protocol/time.ts'
import type { FrozenConfig } from '../frozen.ts'
import { type Language, say } from '../language.ts'
import { sharedOptions } from '../program.ts'
import { type Command, text } from './command.ts'
import { loadConfig } from './files.ts'
import { table } from './table.ts'
import { configTexts } from './texts/config.ts'
import { aboutTexts } from './texts/help.ts'

/** Checks an `agent.yaml` and shows what it would have watched. */
export const configCheck: Command = {
  about: aboutTexts.configCheck,
  operands: ['check', '[FILE]'],
  options: { config: sharedOptions.config },
  details: configTexts.details,
  run: async ({ out, language }, values, [, named]) => {
    const file = named ?? text(values, 'config') ?? ''
    out(describe(loadConfig(file), file, language))
    return 0
  },
}

function describe(config: FrozenConfig, file: string, language: Language): string {
  const { collector, name, authorities, facts, metricsPort, checks } = config
  const texts = configTexts
  const excluded = facts.exclude.join(', ')
  const lines = [
    say(texts.right, language, { file }),
    say(texts.collector, language, { collector, name }),
    ...(authorities === undefined ? [] : [say(texts.authorities, language, { file: authorities })]),
    say(texts.facts, language, { hours: facts.everyMs / hourMs }),
    ...(excluded === '' ? [] : [say(texts.excluded, language, { excluded })]),
    ...(metricsPort === undefined ? [] : [say(texts.metrics, language, { port: metricsPort })]),
    say(texts.checks, language),
  ]
  const head = [texts.check, texts.kind, texts.interval, texts.label]
  const rows = checks.map(({ check, kind, intervalMs, label = '' }) => {
    return [check, kind, say(texts.seconds, language, { n: intervalMs / secondMs }), label]
  })
  return `${lines.join('\n')}\n${table([head.map((each) => say(each, language)), ...rows], '  ')}`
}
