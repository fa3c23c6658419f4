import { describe, expect, test } from 'vitest'
import type { SnapshotReadiness } from '../../../collector/kpi/readiness/result.ts'
import { modelDifference } from '../../../collector/model/difference.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import type { ModelAct } from '../../../collector/register/models.ts'
import { type Language, languages } from '../../../collector/web/language.ts'
import {
  type ModelsView,
  type ModelView,
  modelPage,
  modelsPage,
} from '../../../collector/web/pages/models.ts'
import { dayMs } from '../../../protocol/time.ts'
import { asOf } from '../../support/sample-figures.ts'
import { sampleModel } from '../../support/sample-model.ts'
import { frame, reads } from '../../support/sample-pages.ts'
import { readinessOf, readySnapshot } from '../../support/sample-readiness.ts'

const evaluator: Account = { id: 'nasser', role: 'evaluator' }
const ready: SnapshotReadiness = readySnapshot.readiness!

/** The sample with another target, other weights, and a new name of its first dimension. */
const heavier = {
  ...sampleModel,
  ...{ version: '2.0.0', hash: 'b2'.repeat(32), status: 'draft' as const, targetRatio: 0.9 },
  dimensions: sampleModel.dimensions.map((each, i) => ({
    ...each,
    weight: each.weight + (i === 0 ? 5 : i === 1 ? -5 : 0),
    ...(i === 0 && { label: { ar: 'الأساس <b>', en: 'Base <b>' } }),
    indicators: each.indicators.map((own) => ({ ...own, ...(i === 0 && { gate: null }) })),
  })),
}

const waiting: ModelAct = {
  ...{ model: heavier, from: asOf - dayMs, to: null, why: 'قرار اللجنة رقم 12' },
  ...{ requestedBy: 'maryam', requestedAt: asOf, decision: null },
}
const approved: ModelAct = {
  ...waiting,
  model: sampleModel,
  requestedAt: asOf - 9 * dayMs,
  to: asOf + 90 * dayMs,
  decision: {
    ...{ is: 'approved', by: 'nasser', role: 'evaluator', at: asOf - 8 * dayMs },
    why: 'as compared',
  },
}
const inForce = { model: sampleModel, from: asOf - 8 * dayMs }
const compared = {
  ...{ before: sampleModel, after: heavier },
  difference: modelDifference(sampleModel, heavier),
}

const list: ModelsView = {
  ...{ inForce, versions: [waiting, approved], mayPropose: true },
  ...{ refused: null, sent: null, problems: [] },
}
const listPage = (language: Language, view: Partial<ModelsView> = {}) =>
  modelsPage(frame(language), readySnapshot, { ...list, ...view })

const [first, second] = readySnapshot.institutions.map(({ id }) => id) as [string, string]
const answer = {
  before: ready,
  after: {
    ...ready,
    model: heavier,
    institutions: {
      ...ready.institutions,
      [first]: readinessOf(42, 96),
      [second]: { ...readinessOf(91, 99), isMember: false },
    },
  },
}
const cycle = { id: '2026-10', name: 'october', from: asOf - 180 * dayMs, to: asOf } as const
const one: ModelView = {
  ...{ act: waiting, inForce, compared, mayDecide: true, refused: null },
  trial: { cycles: [cycle], asOf: 'now', answer },
}
const onePage = (language: Language, view: Partial<ModelView> = {}) =>
  modelPage(frame(language, evaluator), readySnapshot, { ...one, ...view })

describe('the models', () => {
  test('say first what is in force, then every version with who said what', () => {
    const text = reads(listPage('en'))
    const order = ['Since', 'om-infra/2.0.0', 'Waiting', 'om-infra/1.0.0', 'Approved']
    const places = order.map((word) => text.lastIndexOf(word))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(0)
    expect(text).toContain('maryam')
    expect(text).toContain('قرار اللجنة رقم 12')
    expect(text).toMatch(/nasser.*neutral evaluator.*as compared/)
    expect(text).toMatch(/until \d/)
    expect(listPage('ar')).toContain('href="/ar/models/om-infra/2.0.0"')
  })

  test('name the draft that computes while nothing is approved', () => {
    const text = reads(listPage('en', { versions: [], inForce: { ...inForce, from: null } }))
    expect(text).toContain('No model is approved yet')
    expect(text).toContain('Nothing has been proposed yet.')
  })

  test('have a form for whoever proposes, and for nobody else', () => {
    expect(listPage('en')).toContain('type="file" required accept=".yaml,.yml,.json"')
    expect(listPage('en', { mayPropose: false })).not.toContain('<form class="act"')
  })

  test('show what a file says before it is proposed, with the file as it was sent', () => {
    const sent = { name: 'm.yaml', content: 'a: </textarea><b>', compared }
    const page = listPage('en', { sent })
    expect(page).toContain('a: &lt;/textarea&gt;&lt;b&gt;</textarea>')
    expect(page).toContain('name="file.name" value="m.yaml"')
    expect(reads(page)).toContain('Scores can no longer be compared')
    // What was sent would be gone with the next refresh.
    expect(page).not.toContain('id="pause"')
    expect(listPage('en')).toContain('id="pause"')
  })

  test.each(languages)('name what is wrong in a file by line and setting, in %s', (language) => {
    const problems = [
      {
        line: 31,
        place: 'dimensions[0].weight',
        message: 'is used twice; each id names one thing',
      },
      { line: null, place: '', message: 'must be saved as UTF-8' },
    ]
    const refused = { rule: 'file', instants: {}, fields: new Map() }
    const page = listPage(language, { problems, refused })
    expect(page).toContain('role="alert"')
    expect(page).toContain('<code class="hash" dir="ltr">dimensions[0].weight</code>')
    expect(reads(page)).toContain(language === 'en' ? 'Line 31' : 'السطر 31')
    expect(page.includes('lang="en" dir="ltr">is used')).toBe(false)
  })
})

describe('a version', () => {
  test('lists every value that differs, with the name of what it belongs to', () => {
    const page = onePage('en')
    const text = reads(page)
    expect(text).toContain('Scores can no longer be compared: the first number')
    expect(text).toMatch(/The model as a whole.*Target.*targetRatio.*0\.85.*0\.9/)
    expect(text).toMatch(/Dimension: Base &lt;b&gt;.*Weight.*weight.*15.*20/)
    expect(text).toMatch(/OS support left.*d1\.os_support.*Gate.*gate/)
    expect(page).not.toContain('Base <b>')
    expect(reads(onePage('ar'))).toMatch(/البُعد: سلامة الحماية الوزن weight 15 10/)
    expect(text).not.toContain('gate – –')
    expect(onePage('ar')).toContain('<bdi dir="ltr">&lt;</bdi>')
  })

  test('shows what would become of each institution, the largest loss first', () => {
    const text = reads(onePage('en'))
    expect(text).toContain('A trial, not official')
    expect(onePage('en')).not.toContain('id="pause"')
    const nameOf = (id: string) =>
      readySnapshot.institutions.find((each) => each.id === id)!.name.en
    const [loses, gains] = [text.lastIndexOf(nameOf(first)), text.lastIndexOf(nameOf(second))]
    const was = ready.institutions[first]!.index.low.percent
    expect(text.slice(loses, gains)).toContain(`42.00% In force: ${was}%`)
    expect(loses).toBeLessThan(gains)
    expect(text.slice(gains)).toContain('Not in the readiness population')
    expect(text).toContain('The end of Cycle October')
  })

  test('says that there are no figures, or waits to be asked', () => {
    const trial = { cycles: [], asOf: 'now', answer: null }
    expect(reads(onePage('en', { trial }))).toContain('There are no figures to compare yet.')
    const asked = reads(onePage('en', { trial: { ...trial, asOf: '' } }))
    expect(asked).not.toContain('There are no figures')
    expect(asked).toContain('Show the effect')
    expect(reads(onePage('en', { trial: null, compared: null }))).not.toContain('A trial')
  })

  test('is decided by whoever may, once', () => {
    expect(onePage('en')).toMatch(/value="approve".*value="refuse"/s)
    const others = onePage('en', { mayDecide: false })
    expect(others).not.toContain('value="approve"')
    expect(reads(others)).toContain('Another account decides')
    const done = onePage('en', { act: approved })
    expect(done).not.toContain('id="decide"')
    expect(reads(done)).toMatch(/State Approved In force/)
  })

  test('keeps the reason that was typed where a decision was refused', () => {
    const fields = new Map(Object.entries({ act: 'approve', why: 'so <i>' }))
    const page = onePage('en', { refused: { rule: 'second_person', instants: {}, fields } })
    expect(page).toContain('value="so &lt;i&gt;"')
    expect(reads(page)).toContain('Whoever proposed cannot decide')
    const unknown = { rule: 'constructor', instants: {}, fields }
    expect(reads(onePage('en', { refused: unknown }))).toContain('This was not accepted')
  })
})
