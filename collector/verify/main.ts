import './node-20.ts'
import { runCommand } from '../cli/command.ts'
import { verify } from '../cli/verify.ts'
import { AppError } from '../error.ts'

/** The verifier that auditors get as one file: the same as `collector verify`. */

const { env: environment, stdout, stderr } = process
const context = {
  environment,
  now: () => Date.now(),
  out: (text: string) => void stdout.write(text),
  err: (text: string) => void stderr.write(text),
}

const program = 'node istimrar-verify.mjs'

try {
  process.exitCode = await runCommand('verify', verify, context, process.argv.slice(2), program)
} catch (error) {
  console.error(error instanceof AppError ? error.message : error)
  process.exitCode = 2
}
