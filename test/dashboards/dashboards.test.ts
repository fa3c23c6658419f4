import { describe, expect, test } from 'vitest'
import { languages } from '../../collector/web/language.ts'
import { dashboardFiles } from '../../dashboards/generate.ts'
import { allDashboards, chosen, dataPanels, expressionsOf, textsOf } from '../support/dashboards.ts'
import { expectFile } from '../support/golden.ts'
import { metricNames } from '../support/metric-names.ts'
import { selectorsOf, substitute } from '../support/promql.ts'

const dashboards = allDashboards()
const metrics = await metricNames()

test.each(dashboardFiles())('$path is what the code makes (npm run generate)', ({ path, text }) => {
  expectFile(path, text)
})

const names = [...new Set(dashboards.map(({ name }) => name))]

test.each(names)('the languages of %s differ in their words only', (name) => {
  const both = dashboards.filter((each) => each.name === name)
  const [first, second] = both.map(({ language, dashboard }) => {
    const plain = dataPanels(dashboard).map((panel) => ({
      id: panel.id,
      type: panel.type,
      gridPos: panel.gridPos,
      queries: expressionsOf(panel).map((query) => query.replaceAll(`name_${language}`, 'name')),
    }))
    return { plain, time: dashboard.time, texts: textsOf(dashboard).length }
  })
  expect(both.map(({ language }) => language)).toEqual(languages)
  expect(first).toEqual(second)
})

test('uids and ids of panels are unique, and links lead to a dashboard and keep the view', () => {
  const uids = dashboards.map(({ dashboard }) => dashboard.uid)
  expect(new Set(uids).size).toBe(uids.length)
  for (const { dashboard } of dashboards) {
    const ids = dashboard.panels?.map(({ id }) => id) ?? []
    expect(ids).not.toContain(undefined)
    expect(new Set(ids).size).toBe(ids.length)
    // To itself in the other language, then to every other one in this language.
    const [, own, language] = /^istimrar-(\w+)-(\w\w)$/.exec(dashboard.uid ?? '') ?? []
    const others = names.filter((name) => name !== own).map((name) => `${name}-${language}`)
    const leads = [`${own}-${language === 'ar' ? 'en' : 'ar'}`, ...others]
    expect(dashboard.links).toEqual(
      leads.map((name) =>
        expect.objectContaining({ url: `/d/istimrar-${name}`, keepTime: true, includeVars: true }),
      ),
    )
    for (const [, uid] of JSON.stringify(dashboard).matchAll(/"\/d\/([\w-]+)/g)) {
      expect(uids).toContain(uid)
    }
  }
})

test('panels lie beside one another, within the width of the page', () => {
  for (const { dashboard } of dashboards) {
    const taken = new Set<string>()
    for (const { title, gridPos } of dashboard.panels ?? []) {
      const { x = 0, y = 0, w = 0, h = 0 } = gridPos ?? {}
      expect(x + w, title).toBeLessThanOrEqual(24)
      for (let cell = 0; cell < w * h; cell++) {
        const place = `${x + (cell % w)},${y + Math.floor(cell / w)}`
        expect(taken.has(place), `${title} at ${place}`).toBe(false)
        taken.add(place)
      }
    }
  }
})

describe.each(dashboards)('$name in $language', ({ language, dashboard }) => {
  const arabic = /\p{Script=Arabic}/u

  test('every text is in the language and in the words of the glossary', () => {
    const texts = textsOf(dashboard).filter(([place]) => !place.startsWith('.links.'))
    expect(texts.length).toBeGreaterThan(20)
    for (const [place, text] of texts) {
      if (text.includes('{{')) continue
      expect(text.trim(), place).not.toBe('')
      expect(arabic.test(text), `${place}: ${text}`).toBe(language === 'ar')
      expect(text, place).not.toMatch(/البنية التحتية|جهة|داشبورد|التمكين الرقمي/)
    }
  })

  test.each(dataPanels(dashboard))('$id: has title, description, unit and data source', (panel) => {
    expect(panel.title).toBeTruthy()
    expect(panel.description).toBeTruthy()
    expect(panel.fieldConfig?.defaults.unit).toBeTruthy()
    for (const { datasource } of [panel, ...(panel.targets ?? [])] as (typeof panel)[]) {
      expect(datasource).toEqual({ type: 'prometheus', uid: '$datasource' })
    }
  })

  test.each(dataPanels(dashboard))(
    '$id: reads existing metrics of the chosen collector',
    (panel) => {
      const queries = expressionsOf(panel)
      expect(queries).not.toEqual([])
      for (const query of queries) {
        expect(query).not.toMatch(/\[\d/)
        const plain = substitute(query, chosen('health'))
        for (const { metric, text } of selectorsOf(plain)) {
          expect(text).toContain('job=~"istimrar"')
          expect(metrics).toContain(metric)
        }
      }
    },
  )

  test('a share is shown as a share', () => {
    for (const panel of dataPanels(dashboard)) {
      const units = JSON.stringify(panel.fieldConfig)
      const isShare = expressionsOf(panel).some((query) => / 1e4$/.test(query))
      if (isShare) expect(units, panel.title).toContain('percentunit')
    }
  })
})
