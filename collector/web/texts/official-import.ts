import type { Text } from '../language.ts'
import { importFaultTexts } from './import-faults.ts'
import { refusedTexts } from './refused.ts'

/** The form by which official results come in. */
export const officialImportTexts = {
  title: { ar: 'استيراد النتائج الرسمية', en: 'Import official results' },
  how: {
    ar: 'تُستورد النتائج كما نُشرت وتُعرض بجانب المقيس آليًا، ولا تحل محله ولا تغيره.',
    en: 'They are imported as published and stand beside what is measured; they never change it.',
  },
  whole: {
    ar: 'يُعرض ما سيتغير قبل تسجيله. والملف الذي فيه خطأ واحد لا يُسجل منه شيء.',
    en: 'What would change is shown first. With one fault in the file nothing of it is recorded.',
  },
  format: {
    ar: 'جدول ({csv}) أو ملف {json} بترميز {encoding}. وما لا يرد فيه من المؤسسات يبقى كما هو.',
    en: 'A table ({csv}) or a {json} file, saved as {encoding}. Institutions not in it stay.',
  },
  columns: { ar: 'أعمدة الملف', en: 'Columns of the file' },
  column: { ar: 'العمود', en: 'Column' },
  holds: { ar: 'ما فيه', en: 'What it holds' },
  isNeeded: { ar: 'اللزوم', en: 'Is it needed?' },
  needed: { ar: 'لازم', en: 'Needed' },
  optional: { ar: 'يمكن تركه', en: 'May be left out' },
  choose: { ar: 'اختيار الملف', en: 'Choose the file' },
  cycle: { ar: 'دورة القياس (مثل 2027-04)', en: 'Cycle (such as 2027-04)' },
  file: { ar: 'الملف', en: 'File' },
  preview: { ar: 'معاينة النتائج', en: 'Preview the results' },
  previewTitle: { ar: 'ما سيتغير من النتائج', en: 'What would change in the results' },
  ofCycle: { ar: 'دورة القياس {cycle}', en: 'Cycle {cycle}' },
  added: { ar: 'نتائج جديدة', en: 'New results' },
  changed: { ar: 'نتائج تتغير', en: 'Changed results' },
  same: { ar: 'نتائج كما هي', en: 'Unchanged results' },
  institution: { ar: 'المؤسسة', en: 'Institution' },
  nation: { ar: 'السلطنة', en: 'The nation' },
  before: { ar: 'قبل', en: 'Before' },
  after: { ar: 'بعد', en: 'After' },
  why: { ar: 'سبب الاستيراد (يُحفظ في السجل)', en: 'Why it is imported (kept in the log)' },
  apply: { ar: 'تسجيل النتائج', en: 'Record the results' },
  noChange: {
    ar: 'كل ما في الملف مسجل كما هو، فلا تغيير.',
    en: 'Everything in the file stands as it is: nothing changes.',
  },
  standing: { ar: 'النتائج المسجلة', en: 'Recorded results' },
  none: { ar: 'لا نتائج مسجلة بعد.', en: 'No results are recorded yet.' },
  otherCycles: { ar: 'دورات أخرى', en: 'Other cycles' },
  index: { ar: 'النسبة الرسمية', en: 'Official index' },
  level: { ar: 'المستوى الرسمي', en: 'Official level' },
  source: { ar: 'المصدر', en: 'Source' },
  published: { ar: 'تاريخ النشر', en: 'Published' },
  withdraw: { ar: 'سحب نتيجة', en: 'Withdraw a result' },
  withdrawHow: {
    ar: 'تُسحب نتيجة سُجلت خطأ، ويبقى في السجل ما كان فيها ومن سحبها والسبب.',
    en: 'For a result recorded by mistake. The log keeps what it was, who withdrew it and why.',
  },
  whyWithdraw: { ar: 'سبب السحب (يُحفظ في السجل)', en: 'Why it is withdrawn (kept in the log)' },
  withdrawNow: { ar: 'سحب النتيجة', en: 'Withdraw the result' },
  toTrend: { ar: 'عرضها بجانب المقيس', en: 'See them beside what is measured' },
} as const satisfies Record<string, Text>

/** What each column of a file of official results holds; the axes have one text. */
export const officialColumnTexts = {
  institution: {
    ar: 'معرّف المؤسسة في السجل، وللسلطنة {national}',
    en: 'Id of the institution; {national} for the nation',
  },
  index_percent: { ar: 'النسبة، من 0 إلى 100', en: 'The index, 0 to 100' },
  source: {
    ar: 'المصدر: الوثيقة والصفحة، أو العنوان الإلكتروني',
    en: 'Where it was published: document and page, or address',
  },
  date: { ar: 'تاريخ النشر، مثل 2027-05-02', en: 'Day of publication, such as 2027-05-02' },
  level: { ar: 'المستوى: {levels}', en: 'The level: {levels}' },
  axis: { ar: 'محور {axis}، من 0 إلى 100', en: 'Axis: {axis}, 0 to 100' },
} as const satisfies Record<string, Text>

/** Why a form about official results was refused, by the rule that the refusal names. */
export const officialRefusalTexts = {
  file: { ar: 'لم يُقبل الملف.', en: 'The file was refused.' },
  no_file: { ar: 'يلزم اختيار ملف.', en: 'Choose a file.' },
  format: {
    ar: 'يلزم أن ينتهي اسم الملف بامتداد {csv} أو {json}.',
    en: 'The name of the file must end in {csv} or {json}.',
  },
  cycle: {
    ar: 'يلزم رقم دورة قياس مثل 2027-04 أو 2027-10.',
    en: 'The cycle must be one such as 2027-04 or 2027-10.',
  },
  future: { ar: 'لم تبدأ دورة القياس هذه بعد.', en: 'This cycle has not begun yet.' },
  not_found: { ar: 'لا نتيجة مسجلة بهذا الاسم.', en: 'There is no such result.' },
  changed: {
    ar: 'تغير المسجل بعد عرض هذا الملف. تلزم مراجعة ما سيتغير الآن قبل تسجيله.',
    en: 'What is recorded has changed since this was shown: look at what would change now.',
  },
  why: refusedTexts.why,
  other: refusedTexts.other,
} as const satisfies Record<string, Text>
export type OfficialRefusalRule = keyof typeof officialRefusalTexts

/** What a file of official results is refused with; its readers say it in English. */
export const officialFaultTexts: readonly Text[] = [
  { ar: 'المؤسسة مكررة، وسبق ذكرها في السطر {n}.', en: 'is the same institution as line {n}' },
  { ar: 'المؤسسة مكررة، وسبق ذكرها في {place}.', en: 'is the same institution as {place}' },
  {
    ar: 'يلزم معرّف مؤسسة من السجل، أو {nation} للسلطنة.',
    en: 'must be an institution of the register, or {nation} for the nation',
  },
  {
    ar: 'يلزم عدد من 0 إلى 100 بمنزلتين عشريتين على الأكثر، بالأرقام 0-9 وبلا علامة.',
    en: 'must be 0 to 100 with at most two decimals, in digits 0-9 and without a sign',
  },
  { ar: 'القيم المسموحة: {allowed}، أو تُترك فارغة.', en: 'must be one of {allowed}, or empty' },
  {
    ar: 'يلزم عدد من {from} إلى {to}، لا {found}.',
    en: 'must be a number from {from} to {to}, not {found}',
  },
  { ar: 'يلزم عدد من {from} إلى {to}.', en: 'must be a number from {from} to {to}' },
  { ar: 'تلزم منزلتان عشريتان على الأكثر.', en: 'must have at most two decimals' },
  {
    ar: 'يلزم ذكر مكان النشر في 3 أحرف فأكثر.',
    en: 'must say where it was published, in 3 characters or more',
  },
  { ar: 'لا يكون التاريخ بعد اليوم.', en: 'must not be later than today' },
  {
    ar: 'دورة القياس في الملف غير الدورة المختارة.',
    en: 'must be the cycle that the import is for',
  },
  { ar: 'تلزم الحقول: {fields}', en: 'must be settings ({fields})' },
  { ar: 'تلزم قائمة.', en: 'must be a list' },
  { ar: 'يلزم نص بين علامتي تنصيص.', en: 'must be text; write it in quotes' },
  { ar: 'يلزم نص.', en: 'must be text' },
  { ar: 'الملف ليس بصيغة {format} سليمة.', en: 'The text is not valid {format}.' },
  { ar: 'في الملف عدد أكبر أو أدق مما يُحفظ.', en: 'A number is not what a double holds.' },
  { ar: 'حقل مكرر في موضع واحد.', en: 'An object holds the same key twice.' },
  { ar: 'في النص رموز غير سليمة.', en: 'A string holds a lone surrogate.' },
  {
    ar: 'مستويات الملف متداخلة أكثر من {n}.',
    en: 'JSON may nest at most {n} deep.',
  },
  ...importFaultTexts,
]
