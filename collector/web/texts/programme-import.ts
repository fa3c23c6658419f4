import type { ProgrammeFigure, ProgrammeValue } from '../../official/programme-schema.ts'
import type { Text } from '../language.ts'
import { officialFaultTexts, officialRefusalTexts } from './official-import.ts'

/** The form by which the published figures of the programme come in. */
export const programmeImportTexts = {
  title: { ar: 'استيراد أرقام البرنامج', en: 'Import the figures of the programme' },
  how: {
    ar: 'تُستورد الأرقام كما نُشرت وتُعرض بجانب المقيس آليًا، ولا تحل محله ولا تغيره.',
    en: 'They are imported as published and stand beside what is measured; they never change it.',
  },
  whole: {
    ar: 'الملف يحل محل الأرقام المسجلة كلها: يُسحب ما لا يرد فيه، ويبقى ما كان في السجل.',
    en:
      'The file takes the place of all recorded figures: one that it does not name is withdrawn, ' +
      'and stays in the log.',
  },
  format: { ar: 'ملف {yaml} بترميز {encoding}.', en: 'A {yaml} file, saved as {encoding}.' },
  fields: { ar: 'حقول الملف', en: 'Fields of the file' },
  field: { ar: 'الحقل', en: 'Field' },
  example: { ar: 'مثال على الملف', en: 'An example of the file' },
  preview: { ar: 'معاينة الأرقام', en: 'Preview the figures' },
  previewTitle: { ar: 'ما سيتغير من الأرقام', en: 'What would change in the figures' },
  added: { ar: 'أرقام جديدة', en: 'New figures' },
  changed: { ar: 'أرقام تتغير', en: 'Changed figures' },
  gone: { ar: 'أرقام تُسحب', en: 'Withdrawn figures' },
  same: { ar: 'أرقام كما هي', en: 'Unchanged figures' },
  label: {
    ar: 'كان العنوان: {before}، ويصبح: {after}',
    en: 'Its label was: {before}. It becomes: {after}',
  },
  nowComputed: {
    ar: 'يُذكر لأول مرة أن هذه المنظومة تقيسه.',
    en: 'It now says that this product measures it.',
  },
  notComputed: {
    ar: 'لم يعد مذكورًا أن هذه المنظومة تقيسه.',
    en: 'It no longer says that this product measures it.',
  },
  order: {
    ar: 'لا يتغير إلا ترتيب القيم.',
    en: 'Only the order of its values changes.',
  },
  record: { ar: 'تسجيل ما في الملف', en: 'Record what the file says' },
  apply: { ar: 'تسجيل الأرقام', en: 'Record the figures' },
  standing: { ar: 'الأرقام المسجلة', en: 'Recorded figures' },
  toPage: {
    ar: 'عرضها مع ما يلزم عنها حسابيًا',
    en: 'See them with what follows by arithmetic',
  },
} as const satisfies Record<string, Text>

/** What a file does to a figure. */
export const figureChangeTexts = {
  new: { ar: 'رقم جديد', en: 'New figure' },
  changed: { ar: 'يتغير', en: 'Changes' },
  gone: { ar: 'يُسحب', en: 'Withdrawn' },
} as const satisfies Record<string, Text>

/** What a file does to a value of a figure that it changes. */
export const valueChangeTexts = {
  new: { ar: 'قيمة جديدة', en: 'New value' },
  gone: { ar: 'لم تعد في الملف', en: 'No longer in the file' },
} as const satisfies Record<string, Text>

/** What each field of a figure holds. */
export const figureFieldTexts = {
  id: { ar: 'معرّف الرقم، من {first} إلى {last}', en: 'Id of the figure, {first} to {last}' },
  label: {
    ar: 'عنوانه بالعربية ({ar}) والإنجليزية ({en})',
    en: 'What it is about, in Arabic ({ar}) and English ({en})',
  },
  computed: {
    ar: '{yes} إن كانت هذه المنظومة تقيسه، وما هنا مستهدفه',
    en: '{yes} where this product measures it, and what is here is its target',
  },
  values: { ar: 'قيمه، كل منها بالحقول الآتية', en: 'Its values, each with the fields below' },
} as const satisfies Record<keyof ProgrammeFigure, Text>

/** What each field of a value holds. */
export const valueFieldTexts = {
  kind: { ar: 'نوع القيمة: {kinds}', en: 'What the value is: {kinds}' },
  of: {
    ar: 'ما تخصه القيمة بالعربية ({ar}) والإنجليزية ({en})، إن كان للرقم أكثر من واحد',
    en: 'What it is of, in Arabic ({ar}) and English ({en}), where the figure has several',
  },
  relation: {
    ar: 'القيمة بعينها أو حد لها: {relations}',
    en: 'The value itself, or a limit: {relations}',
  },
  count: {
    ar: 'عدد. ويلزم عدد أو نسبة أو نسب أجزاء',
    en: 'A number of things. A count, a percent or parts are needed',
  },
  percent: { ar: 'نسبة من 0 إلى 100', en: 'A share, 0 to 100' },
  parts: {
    ar: 'نسب أجزاء من كل واحد، ترد وحدها',
    en: 'Shares of one whole, without count and percent',
  },
  denominator: {
    ar: 'الإجمالي كما في المصدر، و{null} إن لم يذكره المصدر',
    en: 'Of how many, as the source says; {null} where it does not say',
  },
  otherBases: {
    ar: 'إجماليات أخرى مذكورة في المصادر، للمقارنة بها',
    en: 'Other denominators that sources name, to hold it against',
  },
  date: {
    ar: 'اليوم أو الشهر أو السنة، مثل {day} أو {month} أو {year}',
    en: 'Day, month or year, such as {day}, {month} or {year}',
  },
  source: {
    ar: 'المصدر: الوثيقة والصفحة، أو العنوان الإلكتروني',
    en: 'Where it was published: document and page, or address',
  },
  note: {
    ar: 'ما يلزم أن يعرفه القارئ، بالعربية ({ar}) والإنجليزية ({en})',
    en: 'What a reader must know, in Arabic ({ar}) and English ({en})',
  },
} as const satisfies Record<keyof ProgrammeValue, Text>

const { file, no_file, changed, why, other } = officialRefusalTexts
/** Why a form about the figures of the programme was refused. */
export const programmeRefusalTexts = {
  ...{ file, no_file, changed, why, other },
  format: {
    ar: 'يلزم أن ينتهي اسم الملف بامتداد {yaml} أو {yml}.',
    en: 'The name of the file must end in {yaml} or {yml}.',
  },
} as const satisfies Record<string, Text>
export type ProgrammeRefusalRule = keyof typeof programmeRefusalTexts

/** What the file is refused with, beside what every published file is refused with. */
export const programmeFaultTexts: readonly Text[] = [
  {
    ar: 'تلزم قيمة: عدد أو نسبة أو نسب أجزاء.',
    en: 'must have a count, a percent or parts',
  },
  { ar: 'ترد نسب الأجزاء وحدها دون عدد أو نسبة.', en: 'must stand without count and percent' },
  {
    ar: 'نسب الأجزاء من كل واحد: مجموعها 100 على الأكثر.',
    en: 'must be parts of one whole: together 100 at most',
  },
  { ar: 'لا يرد هذا الحقل مع نسب الأجزاء.', en: 'must not stand beside parts' },
  { ar: 'لا يزيد العدد على إجماليه.', en: 'must not be above its denominator' },
  { ar: 'الإجمالي المذكور لا يتكرر هنا.', en: 'must not repeat the denominator' },
  { ar: 'لا يوجد تاريخ كهذا.', en: 'there is no such day' },
  {
    ar: 'لا يكون التاريخ بعد اليوم، إلا لمستهدف.',
    en: 'must not be later than today, except of a target',
  },
  { ar: 'يلزم نص بالعربية.', en: 'must be in Arabic' },
  { ar: 'يلزم نص بالإنجليزية.', en: 'must be in English' },
  { ar: 'المعرّف مستخدم لرقم سابق في الملف.', en: 'is the id of an earlier figure' },
  {
    ar: 'يلزم يوم أو شهر أو سنة، مثل {day} أو {month} أو {year}.',
    en: 'must be a day, month or year such as {day}, {month} or {year}',
  },
  { ar: 'يلزم معرّف مثل {id}.', en: 'must be an id such as {id}' },
  {
    ar: 'يلزم عدد صحيح من {from} إلى {to}، لا {found}.',
    en: 'must be a whole number from {from} to {to}, not {found}',
  },
  {
    ar: 'يلزم عدد صحيح من {from} إلى {to}، أو {null}.',
    en: 'must be a whole number from {from} to {to} or {null}',
  },
  { ar: 'عدد العناصر {n} على الأقل.', en: 'must have at least {n} entries' },
  { ar: 'يلزم {yes} أو {no}.', en: 'must be {yes} or {no}' },
  ...officialFaultTexts,
]
