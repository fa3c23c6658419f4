import type { Text } from '../language.ts'
import { importFaultTexts } from './import-faults.ts'

/** What the reader of models refuses a file with, beside what every file is refused with. */
const own: readonly Text[] = [
  {
    ar: 'نص النموذج أطول مما يتسع له السجل: الحد الأقصى {n} حرف بصيغة {format}.',
    en: 'holds too much text for the log: at most {n} characters as {format}',
  },
  { ar: 'لا يوجد يوم بتاريخ {day}.', en: 'there is no day {day}' },
  {
    ar: 'يلزم أن يكون بعد تاريخ البداية {from}، أو {null}.',
    en: 'must be later than from, which is {from}; or {null}',
  },
  {
    ar: 'تلزم منطقة زمنية من قائمة {name}، مثل {such}.',
    en: 'must be an {name} time zone such as {such}',
  },
  {
    ar: 'متداخل مع المستوى الأعلى الذي يبدأ من {n}: يلزم أن يكون أقل منه.',
    en: 'overlaps the level above, which begins at {n}; must be lower than that',
  },
  {
    ar: 'بقيت فجوة من 0 إلى {n}: يلزم أن يبدأ آخر مستوى من 0.',
    en: 'leaves a gap from 0 to {n}; the last level must begin at 0',
  },
  {
    ar: 'مجموع أوزان الأبعاد {sum} والمطلوب 100: تلزم إضافة {n}.',
    en: 'the weights of all dimensions must be 100 together, not {sum}: add {n}',
  },
  {
    ar: 'مجموع أوزان الأبعاد {sum} والمطلوب 100: يلزم إنقاص {n}.',
    en: 'the weights of all dimensions must be 100 together, not {sum}: take {n} away',
  },
  {
    ar: 'مجموع أوزان المؤشرات الفرعية للبُعد {sum} والمطلوب 100: تلزم إضافة {n}.',
    en: 'the weights of all indicators of the dimension must be 100 together, not {sum}: add {n}',
  },
  {
    ar: 'مجموع أوزان المؤشرات الفرعية للبُعد {sum} والمطلوب 100: يلزم إنقاص {n}.',
    en:
      'the weights of all indicators of the dimension must be 100 together, ' +
      'not {sum}: take {n} away',
  },
  {
    ar: 'القياس محتسب مرتين، وهو لمؤشر فرعي واحد.',
    en: 'is scored twice; each metric belongs to one indicator',
  },
  { ar: 'المعرّف مستخدم مرتين.', en: 'is used twice; each id names one thing' },
  { ar: 'يلزم أن يبدأ برمز بُعده: {prefix}', en: 'must begin with its dimension: {prefix}' },
  {
    ar: 'القيمة المطلوبة {source}، وهو مصدر القياس {metric}.',
    en: 'must be {source}, which is the source of {metric}',
  },
  {
    ar: 'القيمة المطلوبة {unit}، وهي وحدة القياس {metric}.',
    en: 'must be {unit}, which is the unit of {metric}',
  },
  {
    ar: 'يلزم معرّف أحد المستويات: {levels}',
    en: 'must be the id of a level: {levels}',
  },
  {
    ar: 'لا يخفض شيئًا: {level} هو أعلى مستوى.',
    en: 'holds nothing down: {level} is the highest level',
  },
  {
    ar: 'ينطبق على القيم الجيدة: يلزم {allowed} مع طريقة الاحتساب هذه.',
    en: 'would close on good values; must be {allowed} for this score',
  },
  { ar: 'تلزم المقارنة بعدد وحدته {unit}.', en: 'must compare with a number of {unit}' },
  {
    ar: 'يلزم {yes} أو {no}: القياس {metric} نعم أو لا.',
    en: 'must be {yes} or {no}: {metric} is yes or no',
  },
  {
    ar: 'يلزم {allowed}: وحدة القياس {metric} هي {unit}.',
    en: 'must be {allowed}: the unit of {metric} is {unit}',
  },
  {
    ar: 'يلزم أن يختلف عن {other}، وكلما زاد الفرق زادت الدقة.',
    en: 'must differ from {other}; the larger the distance, the finer',
  },
  {
    ar: 'في غير ترتيبه: يلزم أن يكون أكبر من {n} في الخطوة السابقة.',
    en: 'is out of order: must be larger than {n}, the step before',
  },
  {
    ar: 'يلزم أن تتزايد النقاط من خطوة إلى خطوة أو تتناقص، لا الأمران معًا.',
    en: 'the points must only rise or only fall from step to step',
  },
  {
    ar: 'يلزم رمز البُعد ثم نقطة ثم اسم المؤشر الفرعي، مثل {such}.',
    en: 'must be <dimension>.<name>, such as {such}',
  },
  {
    ar: 'تلزم حروف لاتينية صغيرة وأرقام، مثل {such}.',
    en: 'must be small letters and digits, such as {such}',
  },
  {
    ar: 'تلزم حروف لاتينية صغيرة وأرقام وشرطات، {n} على الأكثر.',
    en: 'must be small letters, digits and hyphens, at most {n}',
  },
  { ar: 'تلزم حروف لاتينية صغيرة، مثل {such}.', en: 'must be small letters, such as {such}' },
  { ar: 'يلزم لون مثل {such}.', en: 'must be a colour such as {such}' },
  { ar: 'يلزم رقم إصدار مثل {such}.', en: 'must be a version such as {such}' },
  { ar: 'يلزم {n} خانة سداسية عشرية.', en: 'must be {n} hexadecimal digits' },
  { ar: 'يلزم تاريخ مثل {such}.', en: 'must be a day such as {such}' },
  {
    ar: 'يلزم شرط مثل {such}، والعلامات المسموحة: {signs}',
    en: 'must be a condition such as {such}, with {signs}',
  },
  {
    ar: 'يلزم نص بحروف عربية، بلا رموز خفية.',
    en: 'must be written in Arabic letters, without hidden characters',
  },
  {
    ar: 'يلزم نص بحروف لاتينية، بلا رموز خفية.',
    en: 'must be written in Latin letters, without hidden characters',
  },
  {
    ar: 'الملف المعتمد يلزمه ذكر بصمة ما اعتُمد، وإلا كانت حالته مسودة.',
    en: 'an approved file must name what was approved; without it, its status must be draft',
  },
  {
    ar: 'تغير الملف بعد اعتماده: يُلغى التغيير، أو يُرفع رقم الإصدار ويعود مسودة.',
    en:
      'the file was changed after it was approved: undo the change, or raise its version ' +
      'and make it a draft again',
  },
  {
    ar: 'يلزم عدد صحيح من {from} إلى {to}، والمذكور {found}.',
    en: 'must be a whole number from {from} to {to}, not {found}',
  },
  { ar: 'يلزم عدد صحيح من {from} إلى {to}.', en: 'must be a whole number from {from} to {to}' },
  {
    ar: 'يلزم عدد من {from} إلى {to}، والمذكور {found}.',
    en: 'must be a number from {from} to {to}, not {found}',
  },
  { ar: 'يلزم عدد من {from} إلى {to}.', en: 'must be a number from {from} to {to}' },
  { ar: 'يلزم نص، ويُكتب بين علامتي تنصيص.', en: 'must be text; write it in quotes' },
  { ar: 'يلزم نص.', en: 'must be text' },
  { ar: 'تلزم قائمة.', en: 'must be a list' },
  { ar: 'تلزم الحقول: {names}', en: 'must be settings ({names})' },
  { ar: 'عدد العناصر {n} على الأقل.', en: 'must have at least {n} entries' },
  { ar: 'الحقل {name} ناقص، وقيمه: {allowed}', en: 'missing {name} ({allowed})' },
  { ar: 'يلزم رمز من {from} إلى {to}.', en: 'must be {from} to {to}' },
]

/** What a file of a readiness model is refused with; found as those of workloads are. */
export const modelFaultTexts: readonly Text[] = [...own, ...importFaultTexts]
