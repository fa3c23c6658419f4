import { AppError } from '../error.ts'
import type { Account } from '../people/accounts.ts'
import type { Cycles } from '../people/cycles.ts'
import type { Models } from '../people/models.ts'
import { may } from '../people/permissions.ts'
import { isSecondPerson } from '../people/two-person.ts'
import { type ModelAct, modelKey } from '../register/models.ts'
import type { Frame } from '../web/frame.ts'
import { type ModelsView, modelPage, modelsPage } from '../web/pages/models.ts'
import type { TrialView } from '../web/parts/model-trial.ts'
import { type ModelRule, modelRefusalTexts } from '../web/texts/models.ts'
import { everyone } from './access.ts'
import { formRefusal, submitForm } from './act-form.ts'
import { problemsOf } from './migration-form.ts'
import type { BoardPart, FormDone, Query, Sources } from './page-route.ts'

/** Where readiness models are proposed, and where one version is looked at and decided. */
export const modelsPath = '/models'
const modelPath = `${modelsPath}/:model/:version`

/** Cycles that can be chosen for a trial; the API takes all. */
const cyclesShownMax = 20

/** The pages of readiness models, and their forms. */
export function modelsPart(models: Models, cycles: Pick<Cycles, 'list'>): BoardPart {
  return {
    access: { [modelsPath]: everyone, [modelPath]: everyone },
    pages: {
      [modelsPath]: async (frame, snapshot, sources) =>
        modelsPage(frame, snapshot, modelsView(models, frame.account, sources)),
      [modelPath]: async (frame, snapshot, { refusedForm: refused }, { model, version }, query) => {
        const key = `${model}/${version}`
        const act = models.list().find((each) => modelKey(each.model) === key)
        if (!act) return null
        const inForce = models.current()
        const seesAll = may(frame.account, 'read.all')
        // The default model may bear the name of a proposal that says something else.
        const isTried = seesAll && inForce.model.hash !== act.model.hash
        const trial = isTried ? await trialView(models, cycles, act, query) : null
        const unknown = trial?.asOf === null ? noCycle : null
        return modelPage(frame, snapshot, {
          ...{ act, inForce, trial, refused: refused ?? unknown },
          compared: seesAll ? models.compare(act.model) : null,
          mayDecide: mayDecide(frame, act),
        })
      },
    },
    forms: {
      [modelsPath]: (account, _place, _snapshot, form) => submitModel(models, account, form),
      [modelPath]: (account, { model, version }, _snapshot, form) =>
        submitDecision(models, account, `${model}/${version}`, form),
    },
  }
}

/** A trial as of a cycle that there is not. */
const noCycle = { rule: 'cycle', instants: {}, fields: new Map() }

function mayDecide({ account }: Frame, { requestedBy }: ModelAct): boolean {
  if (!account || !may(account, 'models.decide')) return false
  return isSecondPerson(account, requestedBy)
}

function modelsView(
  models: Models,
  account: Account,
  { refusedForm: refused, shownOnce }: Pick<Sources, 'refusedForm' | 'shownOnce'>,
): ModelsView {
  const mayPropose = may(account, 'models.propose')
  const name = shownOnce?.name ?? refused?.fields.get('file.name') ?? ''
  const content = shownOnce?.content ?? refused?.fields.get('file') ?? ''
  const view = {
    ...{ inForce: models.current(), versions: models.list(), mayPropose, refused },
    ...{ sent: null, problems: [] },
  }
  if (!mayPropose || !isNamed(name)) return view
  try {
    const compared = models.compare(models.read(content))
    return { ...view, sent: { name, content, compared } }
  } catch (error) {
    return { ...view, problems: problemsOf(error) }
  }
}

async function trialView(
  models: Models,
  cycles: Pick<Cycles, 'list'>,
  act: ModelAct,
  query: Query,
): Promise<TrialView> {
  const all = (await cycles.list()).slice(0, cyclesShownMax)
  // What waits is decided by it; what was decided is tried where somebody asks.
  const asOf = typeof query.asOf === 'string' ? query.asOf : act.decision ? '' : 'now'
  if (asOf === '') return { cycles: all, asOf, answer: null }
  const over = all.find(({ id }) => id === asOf)
  if (!over && asOf !== 'now') return { cycles: all, asOf: null, answer: null }
  const cycle = over ? { id: over.id, name: over.name, from: over.from, to: over.to } : null
  return { cycles: all, asOf, answer: await models.trial(act.model, cycle) }
}

function isNamed(file: string): boolean {
  return /\.(ya?ml|json)$/i.test(file)
}

/** Shows what a file changes, or proposes it. */
async function submitModel(
  models: Models,
  account: Account,
  form: URLSearchParams,
): Promise<FormDone> {
  const name = form.get('file.name') ?? ''
  // As browsers send the lines of what was shown.
  const content = (form.get('file') ?? '').replaceAll('\r\n', '\n')
  const file = [['file.name', name] as const, ['file', content] as const]
  if (form.get('act') === 'preview') {
    const rule = refusalOf(models, account, name, content)
    if (rule === null) return { shownOnce: { name, content } }
    return { refusedForm: { rule, instants: {}, fields: new Map(file) } }
  }
  let seen = ''
  const names = ['act', 'why']
  const refused = await submitForm(form, names, modelRefusalTexts, 'UTC', async ({ text, why }) => {
    if (text('act') !== 'propose') throw formRefusal('other')
    const rule = refusalOf(models, account, name, content)
    if (rule !== null) throw formRefusal(rule)
    const { model } = await models.propose(account, content, why)
    seen = `#${modelKey(model)}`
  })
  if (!refused) return seen
  return { refusedForm: { ...refused, fields: new Map([...refused.fields, ...file]) } }
}

/** Why a file is not looked at any further; null where it is a model. */
function refusalOf(
  models: Models,
  account: Account,
  name: string,
  content: string,
): ModelRule | null {
  // Before a file is read, which takes a while.
  if (!may(account, 'models.propose')) return 'role'
  if (name === '') return 'no_file'
  if (!isNamed(name)) return 'format'
  try {
    models.read(content)
    return null
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid') return 'file'
    throw error
  }
}

const decisions = new Map([
  ['approve', 'approved' as const],
  ['refuse', 'refused' as const],
])

async function submitDecision(
  models: Models,
  account: Account,
  key: string,
  form: URLSearchParams,
): Promise<FormDone> {
  const names = ['act', 'why']
  const refused = await submitForm(form, names, modelRefusalTexts, 'UTC', async ({ text, why }) => {
    const is = decisions.get(text('act'))
    if (!is) throw formRefusal('other')
    await models.decide(account, key, is, why)
  })
  return refused ? { refusedForm: refused } : '#proposal'
}
