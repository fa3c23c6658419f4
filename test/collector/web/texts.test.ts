import { globSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as hooks from '../../../collector/hooks/texts.ts'
import { derivedReasons } from '../../../collector/kpi/readiness/inputs.ts'
import type { CountText, Text } from '../../../collector/web/language.ts'
import * as checks from '../../../collector/web/texts/checks.ts'
import * as figures from '../../../collector/web/texts/figures.ts'
import * as migration from '../../../collector/web/texts/migration.ts'
import * as migrationWords from '../../../collector/web/texts/migration-words.ts'
import * as readiness from '../../../collector/web/texts/readiness.ts'
import * as words from '../../../collector/web/texts/readiness-words.ts'
import * as shell from '../../../collector/web/texts/shell.ts'
import { checkKindNames, reasons } from '../../../protocol/check.ts'
import { missingReasons } from '../../../protocol/indicators.ts'
import { reasonTexts } from '../../../protocol/reason-texts.ts'

const { shellTexts } = shell
const { figureTexts, verdictTexts } = figures
const { stateTexts } = checks

/** Every pair of an Arabic and an English text that the modules hold, with the way to it. */
function pairsIn(value: unknown, path: string): [string, Record<'ar' | 'en', unknown>][] {
  if (typeof value !== 'object' || value === null) return []
  if ('ar' in value && 'en' in value) return [[path, { ar: value.ar, en: value.en }]]
  return Object.entries(value).flatMap(([key, each]) => pairsIn(each, `${path}.${key}`))
}

const folder = new URL('../../../collector/web/texts/', import.meta.url).pathname
const modules: object[] = await Promise.all(
  globSync('*.ts', { cwd: folder }).map((file) => import(folder + file)),
)
const pairs = [{ reasonTexts, ...hooks }, ...modules].flatMap((each) => pairsIn(each, 'texts'))
const texts = pairs.filter((pair): pair is [string, Text] => typeof pair[1].ar === 'string')
const counts = pairs.filter((pair): pair is [string, CountText] => typeof pair[1].ar === 'object')

const bare = (text: string) => text.replaceAll(/\{\w+\}/g, '')
const placesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()

/** Words the product does not use, and what it says instead. */
const banned: [RegExp, string][] = [
  [/البنية التحتية/, 'البنى الأساسية'],
  [/(^|\s)(ال|لل|و|ب)?جه(ة|ات)(\s|$|[.،:])/, 'مؤسسة'],
  [/داشبورد/, 'لوحة المؤشرات'],
  [/(^|\s)(ال)?شاهد(\s|$)/, 'نقطة رصد خارجية'],
  [/التمكين الرقمي/, 'البنى الأساسية الممكَّنة رقميًا'], // but for the axis of that name
  [/[٠-٩]/, 'Latin digits'],
  [/dashboard/i, 'board'],
]

describe('texts', () => {
  test('are all found', () => {
    expect(texts.length).toBeGreaterThan(150)
    expect(counts.map(([path]) => path)).toContain('texts.institutionCount')
  })

  test('exist in both languages, each in its own letters', () => {
    for (const [path, { ar, en }] of texts) {
      const wordless = !/\p{Letter}/u.test(bare(en))
      if (!wordless) expect(bare(ar), path).toMatch(/\p{Script=Arabic}/u)
      expect(en, path).not.toMatch(/\p{Script=Arabic}/u)
      expect(bare(ar).replaceAll(/\b(HTTP|TCP|DNS|TLS|ICMP)\b/g, ''), path).not.toMatch(/[A-Za-z]/)
      expect([ar.trim(), en.trim()], path).toEqual([ar, en])
      expect(en, path).not.toBe('')
    }
  })

  test('have the same places for values in both languages', () => {
    for (const [path, { ar, en }] of texts) expect(placesIn(ar), path).toEqual(placesIn(en))
  })

  test('with a number say it in every form that needs it', () => {
    for (const [path, { ar, en }] of counts) {
      const forms = [ar.few, ar.many, ar.other, en.one, en.other]
      for (const form of forms) expect(form, path).toContain('{n}')
      for (const form of Object.values(ar)) expect(form, path).toMatch(/\p{Script=Arabic}/u)
    }
  })

  test.each(banned)('none says %s', (word, instead) => {
    for (const [path, text] of pairs) {
      if (path === 'texts.axisTexts.digital_enablement') continue
      const all = [text.ar, text.en].flatMap((each) => Object.values(Object(each)).join(''))
      for (const each of all) expect(each, `${path}: say ${instead}`).not.toMatch(word)
    }
  })

  test('every reason and every kind of check has words', () => {
    expect(Object.keys(reasonTexts).sort()).toEqual([...reasons].sort())
    expect(Object.keys(checks.checkKindTexts).sort()).toEqual([...checkKindNames].sort())
  })

  test.each([
    [figureTexts.continuity, 'نسبة استمرار عمل بيئات الاستضافة والبنى الأساسية الرقمية'],
    [figureTexts.low, 'الحد الأدنى المثبت'],
    [figureTexts.observed, 'النسبة المرصودة'],
    [figureTexts.high, 'الحد الأعلى الممكن'],
    [figureTexts.coverage, 'نسبة اكتمال القياس'],
    [figureTexts.beingSetUp, 'قيد التهيئة'],
    [verdictTexts.met, 'تحقق المستهدف'],
    [verdictTexts.not_met, 'لم يتحقق المستهدف'],
    [verdictTexts.undetermined, 'لا يمكن الجزم (القياس غير مكتمل)'],
    [stateTexts.up, 'يعمل'],
    [stateTexts.degraded, 'يعمل بأداء منخفض'],
    [stateTexts.down, 'متوقف'],
    [stateTexts.unknown, 'غير معلوم'],
    [stateTexts.maintenance, 'صيانة مجدولة'],
    [stateTexts.not_in_scope, 'خارج نطاق القياس'],
    [shellTexts.simulated, 'بيانات محاكاة – ليست رسمية'],
    [readiness.readinessTexts.index, 'نسبة مؤشر الجاهزية الرقمية في القطاع العام'],
    [readiness.readinessTexts.automatic, 'قياس آلي – ليس نتيجة قياس الإجادة'],
    [readiness.readinessTexts.enabled, 'نسبة البنى الأساسية الممكَّنة رقميًا'],
    [readiness.readinessTexts.holdsGate, 'شرط حاكم'],
    [words.criterionTexts.waived, 'إعفاء مؤقت'],
    [migration.migrationTexts.title, 'الانتقال إلى السحابة الرقمية'],
    [migration.migrationTexts.compliance, 'الالتزام بتعميم سياسة الاستضافة السحابية'],
    [migrationWords.workloadStateTexts.cut_over, 'بدء التشغيل في السحابة'],
    [migrationWords.workloadStateTexts.validated, 'مثبت بالقياس'],
  ])('the glossary stands: %o', ({ ar }, glossary) => {
    expect(ar).toBe(glossary)
  })

  test('axes and objectives are the programme\u2019s, word for word', () => {
    expect(Object.values(words.axisTexts).map(({ ar }) => ar)).toEqual([
      'تجربة المستخدم',
      'التحديث والتطوير',
      'الاستراتيجية وثقافة المؤسسة',
      'التمكين الرقمي',
      'الكفاءة التشغيلية',
    ])
    expect(words.objectiveTexts.map(({ ar }) => ar).join(' · ')).toBe(
      'إيجاد بنية رقمية أساسية في المؤسسات الحكومية قادرة على مواكبة المتغيرات ' +
        'وداعمة لإيجاد قطاع حكومي مرن ومبتكر · ' +
        'رفع مستوى جاهزية البنى الأساسية الرقمية للمؤسسات الخدمية · ' +
        'تحسين تجربة متلقي الخدمة وأصحاب المصلحة · تمكين العمل عن بعد في القطاع الحكومي · ' +
        'تحسين الربط الشبكي البيني وكفاءة وإنتاجية الخدمات الإلكترونية · ' +
        'تعظيم الفائدة من توظيف التقنيات الرقمية الحديثة المتقدمة في مجال البنى الأساسية ' +
        'الرقمية · رفع مرتبة السلطنة في مؤشر الجاهزية الشبكية العالمي · ضمان استمرارية بيئة الأعمال',
    )
  })

  test('every reason why a value is missing has words', () => {
    const known = new Set([...Object.keys(missingReasons), ...derivedReasons])
    expect(Object.keys(words.missingReasonTexts).sort()).toEqual([...known].sort())
  })
})
