import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DocumentError } from '../../protocol/document.ts'
import { readConfig } from '../config.ts'
import { type EnvironmentClass, environmentClasses, missingKinds } from '../discover/classes.ts'
import type { Proposal } from '../discover/proposal.ts'
import { agentName, agentYaml, type ProposeOptions, proposeChecks } from '../discover/propose.ts'
import { type System, thisSystem } from '../discover/system.ts'
import { AgentError } from '../error.ts'
import { isolated, type Language, said, say } from '../language.ts'
import { type Program, sharedOptions } from '../program.ts'
import { type Command, text, type Values } from './command.ts'
import { table } from './table.ts'
import { aboutTexts } from './texts/help.ts'
import { initTexts } from './texts/init.ts'
import { problemIn } from './texts/problems.ts'

/** Proposes an `agent.yaml` for this machine. */
export const init: Command = {
  about: aboutTexts.init,
  options: {
    collector: { type: 'string', value: 'URL', about: initTexts.collector },
    name: { type: 'string', value: 'NAME', about: initTexts.name },
    class: { type: 'string', value: 'CLASS', about: initTexts.class },
    interval: { type: 'string', default: '60', value: 'SECONDS', about: initTexts.interval },
    'exclude-ports': { type: 'string', value: 'N,N', about: initTexts.excludePorts },
    config: { ...sharedOptions.config, about: initTexts.where },
    force: { type: 'boolean', about: initTexts.force },
    stdout: { type: 'boolean', about: initTexts.stdout },
  },
  details: initTexts.details,
  run: (program, values) => initOn(thisSystem(program), program, values),
}

/** The command on any machine. Resolves to the exit code; throws AgentError. */
export async function initOn(
  system: System,
  { out, language }: Pick<Program, 'out' | 'language'>,
  values: Values,
): Promise<number> {
  const options = { ...readOptions(values, system), language }
  const file = text(values, 'config') ?? ''
  if (!values.stdout && !values.force && (await exists(file))) {
    throw new AgentError('usage', said(initTexts.exists, { file }))
  }
  const proposals = await proposeChecks(options, system)
  const yaml = agentYaml(options, proposals)
  if (!values.stdout) await write(file, yaml)
  out(values.stdout ? yaml : summary(file, proposals, options.environmentClass, language))
  return 0
}

/** The options as `agent.yaml` will hold them. Throws one AgentError with all that is wrong. */
function readOptions(values: Values, system: System): ProposeOptions {
  const excludePorts = text(values, 'exclude-ports')?.split(',').map(Number) ?? []
  const given = text(values, 'class')
  const environmentClass = environmentClasses.find((each) => each === given)
  const options = {
    collector: text(values, 'collector') ?? '',
    name: text(values, 'name') ?? agentName(system),
    intervalSeconds: Number(text(values, 'interval')),
    excludePorts,
    ...(environmentClass && { environmentClass }),
  }
  const problems: ((language: Language) => string)[] = []
  if (!excludePorts.every((port) => Number.isInteger(port) && port > 0)) {
    problems.push((language) => say(initTexts.badPorts, language))
  }
  if (given !== undefined && !environmentClass) {
    problems.push((language) => say(initTexts.badClass, language))
  }
  try {
    const itself = { name: 'host', kind: 'host', settings: {}, comment: said(initTexts.itself) }
    readConfig(agentYaml(options, [{ ...itself, kind: 'host' }]), 'agent.yaml')
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    for (const { path, message } of error.problems) {
      problems.push((language) => {
        const option = `--${path.split('.').at(-1)}`
        return `${language === 'ar' ? isolated(option) : option} ${problemIn(language, message)}`
      })
    }
  }
  if (problems.length === 0) return options
  throw new AgentError('usage', {
    in: (language) => problems.map((problem) => problem(language)).join('\n'),
  })
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
    const failed = said(initTexts.cannotWrite, { file: path, why: message })
    throw new AgentError('failed', failed, { cause })
  }
}

function summary(
  file: string,
  proposals: readonly Proposal[],
  environmentClass: EnvironmentClass | undefined,
  language: Language,
): string {
  const rows = proposals.map(({ name, comment }) => [name, comment.in(language)])
  const missing = environmentClass && missingKinds(environmentClass, proposals)
  const lines = [`${say(initTexts.found, language)}\n${table(rows, '  ').trimEnd()}`]
  if (environmentClass) {
    const name = environmentClass
    const kinds = missing?.reduce((first, second) => say(initTexts.or, language, { first, second }))
    lines.push(
      kinds
        ? say(initTexts.short, language, { name, kinds })
        : say(initTexts.meets, language, { name }),
    )
  }
  lines.push(say(initTexts.written, language, { file }))
  return `${lines.join('\n')}\n`
}
