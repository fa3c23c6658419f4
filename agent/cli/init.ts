import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DocumentError } from '../../protocol/document.ts'
import { readConfig } from '../config.ts'
import type { Proposal } from '../discover/proposal.ts'
import { agentName, agentYaml, type ProposeOptions, proposeChecks } from '../discover/propose.ts'
import { type System, thisSystem } from '../discover/system.ts'
import { AgentError } from '../error.ts'
import { type Program, sharedOptions } from '../program.ts'
import { type Command, text, type Values } from './command.ts'

/** Proposes an `agent.yaml` for this machine. */
export const init: Command = {
  about: 'Look at this machine and write an agent.yaml of checks that work here now.',
  options: {
    collector: { type: 'string', value: 'URL', about: 'Where to report.' },
    name: { type: 'string', value: 'NAME', about: "Name of this agent; else the host's." },
    interval: { type: 'string', default: '60', value: 'SECONDS', about: 'Time between looks.' },
    'exclude-ports': { type: 'string', value: 'N,N', about: 'Ports that are not to be checked.' },
    config: { ...sharedOptions.config, about: 'Where to write.' },
    force: { type: 'boolean', about: 'Replace the file if it exists.' },
    stdout: { type: 'boolean', about: 'Print the text and write nothing.' },
  },
  details: 'Connects to this machine and its own name server only, and sends nothing elsewhere.',
  run: (program, values) => initOn(thisSystem(program), program, values),
}

/** The command on any machine. Resolves to the exit code; throws AgentError. */
export async function initOn(
  system: System,
  { out }: Pick<Program, 'out'>,
  values: Values,
): Promise<number> {
  const options = readOptions(values, system)
  const file = text(values, 'config') ?? ''
  if (!values.stdout && !values.force && (await exists(file))) {
    throw new AgentError('usage', `${file} exists already. --force replaces it.`)
  }
  const proposals = await proposeChecks(options, system)
  const yaml = agentYaml(options, proposals)
  if (!values.stdout) await write(file, yaml)
  out(values.stdout ? yaml : summary(file, proposals))
  return 0
}

/** The options as `agent.yaml` will hold them. Throws one AgentError with all that is wrong. */
function readOptions(values: Values, system: System): ProposeOptions {
  const excludePorts = text(values, 'exclude-ports')?.split(',').map(Number) ?? []
  const options = {
    collector: text(values, 'collector') ?? '',
    name: text(values, 'name') ?? agentName(system),
    intervalSeconds: Number(text(values, 'interval')),
    excludePorts,
  }
  const problems = excludePorts.every((port) => Number.isInteger(port) && port > 0)
    ? []
    : ['--exclude-ports must be port numbers, such as 8080,9090']
  try {
    const itself = { name: 'host', kind: 'host', settings: {}, comment: '' } as const
    readConfig(agentYaml(options, [itself]), 'agent.yaml')
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    for (const { path, message } of error.problems) {
      problems.push(`--${path.split('.').at(-1)} ${message}`)
    }
  }
  if (problems.length > 0) throw new AgentError('usage', problems.join('\n'))
  return options
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

async function write(path: string, yaml: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, yaml)
  } catch (cause) {
    const { message } = cause as Error // of the file system
    throw new AgentError('failed', `Cannot write ${path}: ${message}`, { cause })
  }
}

function summary(path: string, proposals: readonly Proposal[]): string {
  const width = Math.max(...proposals.map(({ name }) => name.length))
  const rows = proposals.map(({ name, comment }) => `  ${name.padEnd(width)}  ${comment}`)
  const end = `Written to ${path}. Change it as you see fit, then enrol this agent.`
  return ['Found on this machine:', ...rows, end, ''].join('\n')
}
