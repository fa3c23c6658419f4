import { valueUnits } from '../../protocol/check.ts'
import { trustAuthorities } from '../authorities.ts'
import { AgentError } from '../error.ts'
import { definitionsOf } from '../frozen.ts'
import { type Said, said, say, type Text } from '../language.ts'
import { look } from '../look.ts'
import { sharedOptions } from '../program.ts'
import { type Command, text } from './command.ts'
import { loadConfig } from './files.ts'
import { aboutTexts } from './texts/help.ts'
import { checkTexts } from './texts/looking.ts'

/** Looks at one check now, and shows what would be reported of it. */
export const check: Command = {
  about: aboutTexts.check,
  operands: ['NAME'],
  options: { config: sharedOptions.config },
  details: checkTexts.details,
  run: async ({ clock, root, run, out, err, language }, values, [name = '']) => {
    const config = loadConfig(text(values, 'config') ?? '')
    trustAuthorities(config.authorities)
    const found = config.checks.find((each) => each.check === name)
    if (!found) {
      const names = config.checks.map((each) => each.check).join(', ')
      throw new AgentError('usage', said(checkTexts.noCheck, { name, names }))
    }
    const definition = definitionsOf(config).find((each) => each.check === name)
    const units: Readonly<Partial<Record<string, string>>> = valueUnits
    const context = { now: clock.wall, root, run, kept: new Map<string, unknown>() }
    // Beside what would be reported, not in it.
    const note = (part: string, seconds: number) =>
      err(
        `${say(checkTexts.took, language, { part: partIn(part), seconds: seconds.toFixed(3) })}\n`,
      )
    try {
      const observation = await look(found, { ...context, note })
      const unit = observation.value === undefined ? undefined : units[found.kind]
      out(`${JSON.stringify({ ...definition, ...observation, unit }, null, 2)}\n`)
      return 0
    } catch (cause) {
      const { message } = cause as Error // probes throw errors
      throw new AgentError('failed', said(checkTexts.failed, { why: message }), { cause })
    }
  },
}

/** A part of a look in words: `step 2` of a journey, say. */
function partIn(part: string): Said | string {
  const [, n] = /^step (\d+)$/.exec(part) ?? []
  if (n !== undefined) return said(checkTexts.step, { n })
  const { name, connection, handshake, head } = checkTexts
  const known: Readonly<Record<string, Text>> = { name, connection, handshake, head }
  const text = known[part]
  return text ? said(text) : part
}
