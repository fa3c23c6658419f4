import { settings } from '../config.ts'
import { AppError } from '../error.ts'
import { version } from '../version.ts'
import { accounts } from './accounts.ts'
import { agents } from './agents.ts'
import { approve } from './approve.ts'
import { backup } from './backup.ts'
import { check } from './check.ts'
import { checkData } from './check-data.ts'
import { type Command, type Context, runCommand } from './command.ts'
import { cycle } from './cycle.ts'
import { declarations, declare, review } from './declarations.ts'
import { diff } from './diff.ts'
import { dispute } from './dispute.ts'
import { endToken } from './end-token.ts'
import { exportCommand } from './export.ts'
import { health } from './health.ts'
import { hooks } from './hooks.ts'
import { lost } from './lost.ts'
import { maintenance } from './maintenance.ts'
import { model } from './model.ts'
import { official } from './official.ts'
import { policy } from './policy.ts'
import { programme } from './programme.ts'
import { rebuild } from './rebuild.ts'
import { release } from './release.ts'
import { restore } from './restore.ts'
import { revoke } from './revoke.ts'
import { exemption, roadmap } from './roadmap.ts'
import { rotateLogKey } from './rotate-log-key.ts'
import { signInLink } from './sign-in-link.ts'
import { token } from './token.ts'
import { tokens } from './tokens.ts'
import { verify } from './verify.ts'
import { workloads } from './workloads.ts'

const serve: Command = {
  about: 'Run the collector (default).',
  details: 'Takes no options: its settings come from the environment, see `collector help`.',
  run: async () => {
    throw new Error('main.ts starts the collector itself.')
  },
}

/** Every command, in the order of `collector help`. */
export const commands: Readonly<Record<string, Command>> = {
  serve,
  accounts,
  agents,
  approve,
  backup,
  check,
  'check-data': checkData,
  cycle,
  declarations,
  declare,
  diff,
  dispute,
  'end-token': endToken,
  exemption,
  export: exportCommand,
  health,
  hooks,
  lost,
  maintenance,
  model,
  official,
  policy,
  programme,
  rebuild,
  release,
  restore,
  review,
  revoke,
  roadmap,
  'rotate-log-key': rotateLogKey,
  'sign-in-link': signInLink,
  token,
  tokens,
  verify,
  workloads,
}

/** Runs a command by its name. Resolves to the exit code. Throws AppError. */
export async function run(name: string, context: Context, args: readonly string[]) {
  if (['help', '--help', '-h'].includes(name)) {
    context.out(overview())
    return 0
  }
  if (name === '--version') {
    context.out(`${version}\n`)
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    const message = `There is no command ${JSON.stringify(name)}. Try: collector help`
    throw new AppError('configuration', message)
  }
  return runCommand(name, command, context, args)
}

function overview(): string {
  return `Istimrar collector ${version}

${rows(Object.entries(commands).map(([name, { about }]) => [name, about]))}

collector COMMAND --help tells more; collector --version prints the version.

Settings, from the environment:
${rows(Object.entries(settings))}

Exit status: 0 done, 1 failed, 2 wrong settings, arguments or files.
`
}

function rows(all: readonly (readonly [string, string] | string[])[]): string {
  const width = Math.max(...all.map(([name = '']) => name.length))
  return all.map(([name = '', about = '']) => `  ${name.padEnd(width)}  ${about}`).join('\n')
}
