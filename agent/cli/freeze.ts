import { sharedOptions } from '../program.ts'
import { type Command, text } from './command.ts'
import { loadConfig } from './files.ts'
import { aboutTexts } from './texts/help.ts'

/** Prints `agent.yaml` as the resident agent wants it, so that it need not read YAML itself. */
export const freeze: Command = {
  about: aboutTexts.freeze,
  options: { config: sharedOptions.config },
  run: async ({ out }, values) => {
    out(JSON.stringify(loadConfig(text(values, 'config') ?? '')))
    return 0
  },
}
