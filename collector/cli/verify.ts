import { AppError } from '../error.ts'
import { reportOf } from '../exports/report.ts'
import { verifyExport } from '../exports/verify-set.ts'
import { type Language, languages } from '../web/language.ts'
import { type Command, text, type Values } from './command.ts'

const details = `EXPORT is a folder that an export made, or its evidence alone; one of the nation
with all institutions is checked whole. Needs no collector, no database and no network. The log
keys, every hash, signature, number and chain are checked, the trees are compared with every
checkpoint, all figures are computed again from the evidence, and all tables are made again from
them. Copies that were kept outside show whether the log was rewritten as a whole: without any, only
the operator's word stands for that.

Exit status: 0 all of it holds; 1 something does not, and what is named is the first; 2 a file
cannot be read, was cut short or is of another version, so that nothing can be said.`

const paths = {
  receipts: 'Receipts of agents: a file or a folder.',
  checkpoints: 'Checkpoints: a file or a folder.',
  institutions: "Folder of the institutions' exports of the same moment, for a nation's figures.",
} as const

/** Checks an export, offline. */
export const verify: Command = {
  about: 'Check an export offline: signatures, logs, figures.',
  operands: ['EXPORT'],
  details,
  options: {
    ...Object.fromEntries(
      Object.entries(paths).map(([name, about]) => [
        name,
        { type: 'string' as const, value: 'PATH', about },
      ]),
    ),
    language: { type: 'string', value: 'ar|en', about: 'Language of the report; en unless said.' },
  },
  run: async ({ out, err }, values, [file = '']) => {
    const language = languageOf(values)
    const path = (name: keyof typeof paths) => text(values, name) ?? null
    const outcome = await verifyExport({
      file,
      receipts: path('receipts'),
      checkpoints: path('checkpoints'),
      institutions: path('institutions'),
      progress: (lines) => err(`\r${lines} lines`),
    })
    err('\n')
    out(reportOf(outcome, language))
    if (outcome.result === 'ok') return 0
    return outcome.result === 'broken' ? 1 : 2
  },
}

function languageOf(values: Values): Language {
  const wanted = text(values, 'language') ?? 'en'
  const language = languages.find((each) => each === wanted)
  if (language) return language
  throw new AppError('configuration', `--language must be one of: ${languages.join(', ')}.`)
}
