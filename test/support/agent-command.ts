import { childRunner } from '../../agent/child.ts'
import { runCommand } from '../../agent/cli/commands.ts'
import { AgentError } from '../../agent/error.ts'
import { languageOf } from '../../agent/language.ts'
import { FakeTime } from './fake-time.ts'

/** Runs a command of the agent here; whatever it says or throws is the answer. Waiting is short. */
export function command(name: string, ...args: string[]) {
  return answering('', name, ...args)
}

/** The same where a person types an answer to whatever is asked. */
export async function answering(answer: string, name: string, ...args: string[]) {
  const time = new FakeTime()
  let out = ''
  let err = ''
  const program = {
    ...{ ...languageOf(args, {}), clock: time.clock, random: () => 0, root: '/', proxy: {} },
    timer: (delayMs: number, action: () => void) => {
      time.pass(delayMs)
      setImmediate(action)
      return () => {}
    },
    // Asked for facts, it has none.
    self: { executable: process.execPath, args: ['-e', `console.log('{"facts":[]}')`] },
    run: childRunner({}),
    stopped: Promise.resolve(),
    ask: async (question: string) => {
      out += question
      return answer
    },
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
  }
  const code = await runCommand(name, program).catch((error: Error & { code: string }) => {
    err += error instanceof AgentError ? error.in(program.language) : error.message
    return error.code
  })
  return { code, out, err, waitedMs: time.runningMs }
}
