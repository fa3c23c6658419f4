import type { ChangeKind } from '../../model/difference.ts'
import type { CountText, Text } from '../language.ts'
import { refusedTexts } from './refused.ts'

/** Readiness models: what holds, what was proposed, and what was said to it. */
export const modelTexts = {
  title: { ar: 'نماذج الجاهزية', en: 'Readiness models' },
  how: {
    ar:
      'يحدد النموذج الأبعاد والمؤشرات الفرعية وأوزانها والمستويات. ' +
      'واعتماده بشخصين: مقدم، ثم حساب آخر، ولا أثر له قبل ذلك.',
    en:
      'A model says which dimensions, indicators, weights and levels count. One account proposes ' +
      'it, another one approves; nothing changes before.',
  },
  inForce: { ar: 'النموذج المعمول به', en: 'In force' },
  named: { ar: 'نموذج الجاهزية {id}، الإصدار {version}', en: 'Readiness model {id}, {version}' },
  since: { ar: 'معمول به منذ {time}', en: 'Since {time}' },
  byDefault: {
    ar: 'لم يُعتمد نموذج بعد: الحساب بالنموذج المرفق بالمنصة مسودةً، وأرقامه ليست رسمية.',
    en: 'No model is approved yet: the one that is shipped computes, as a draft, not official.',
  },
  versions: { ar: 'الإصدارات المقدمة وقراراتها', en: 'Versions and decisions' },
  none: { ar: 'لم يُقدم نموذج بعد.', en: 'Nothing has been proposed yet.' },
  version: { ar: 'الإصدار', en: 'Version' },
  proposedBy: { ar: 'مقدم النموذج', en: 'Proposed by' },
  reason: { ar: 'السبب', en: 'Reason' },
  state: { ar: 'الحالة', en: 'State' },
  holds: { ar: 'مدة العمل به', en: 'Holds' },
  from: {
    ar: 'من {time} أو من وقت الاعتماد إن تأخر عنه',
    en: 'From {time}, or from its approval if that is later',
  },
  until: { ar: 'حتى {time}', en: 'until {time}' },
  decision: { ar: 'القرار', en: 'Decision' },
  whole: { ar: 'النموذج كاملًا ({format})', en: 'The whole model ({format})' },
  all: { ar: 'نماذج الجاهزية وقراراتها', en: 'Readiness models and decisions' },

  choose: { ar: 'تقديم نموذج', en: 'Propose a model' },
  chooseFile: {
    ar: 'ملف النموذج كاملًا بصيغة {yaml} أو {json}. تُعرض الفروق أولًا دون حفظ شيء.',
    en: 'The whole file, {yaml} or {json}. What it changes is shown first; nothing is stored.',
  },
  chooseHow: {
    ar: 'بعد عرض الفروق يُقدم النموذج مع سببه. ولا يسحبه مقدمه، فلغيره رفضه.',
    en: 'Then propose it with a reason. Nobody takes a proposal back: others refuse it.',
  },
  file: { ar: 'ملف النموذج', en: 'File of the model' },
  preview: { ar: 'عرض الفروق', en: 'Show what changes' },
  previewTitle: { ar: 'ما في الملف', en: 'What the file says' },
  proposeFile: { ar: 'تقديم ما في الملف', en: 'Propose this file' },
  send: { ar: 'تقديم النموذج للاعتماد', en: 'Propose the model' },
  problems: { ar: 'لم يُقدم شيء. يلزم تصحيح ما يأتي:', en: 'Nothing was proposed. To correct:' },

  difference: { ar: 'الفروق عن المعمول به', en: 'Against the one in force' },
  same: { ar: 'لا فروق عن المعمول به.', en: 'It is the same as the one in force.' },
  subject: { ar: 'الموضع', en: 'Where' },
  wholeModel: { ar: 'النموذج كله', en: 'The model as a whole' },
  dimension: { ar: 'البُعد: {name}', en: 'Dimension: {name}' },
  level: { ar: 'المستوى: {name}', en: 'Level: {name}' },
  criterion: { ar: 'المعيار {id}: {name}', en: 'Criterion {id}: {name}' },
  what: { ar: 'البيان', en: 'What' },
  before: { ar: 'المعمول به', en: 'In force' },
  after: { ar: 'المقترح', en: 'Proposed' },
  more: { ar: 'عدد غير المعروض: {more}', en: 'Not shown: {more}' },

  trial: { ar: 'الأثر المتوقع في كل مؤسسة', en: 'What it would do to each institution' },
  trialHow: {
    ar: 'تجربة – ليست رسمية: لا تُحفظ ولا تُنشر.',
    en: 'A trial, not official: nothing of it is stored or published.',
  },
  asOf: { ar: 'الأرقام في', en: 'Figures as of' },
  now: { ar: 'الآن', en: 'Now' },
  cycleEnd: { ar: 'نهاية {cycle}', en: 'The end of {cycle}' },
  show: { ar: 'عرض الأثر', en: 'Show the effect' },
  noFigures: { ar: 'لا أرقام بعد تُقارن.', en: 'There are no figures to compare yet.' },
  nation: { ar: 'المستوى الوطني', en: 'The nation' },
  was: { ar: 'المعمول به: {value}', en: 'In force: {value}' },
  order: {
    ar: 'الأكثر انخفاضًا في الحد الأدنى المثبت أولًا.',
    en: 'Whoever loses most of the proven low stands first.',
  },

  decide: { ar: 'اتخاذ القرار', en: 'Decide' },
  approve: { ar: 'اعتماد', en: 'Approve' },
  refuse: { ar: 'رفض', en: 'Refuse' },
  others: {
    ar: 'القرار لحساب آخر غير حساب مقدم النموذج، بدور مسؤول المنصة أو الوزارة أو الطرف المحايد.',
    en: 'Another account decides: an administrator, the ministry or the evaluator.',
  },
} as const satisfies Record<string, Text>

/** How many values differ. */
export const changeCount: CountText = {
  ar: {
    zero: 'لا قيم مختلفة',
    one: 'قيمة مختلفة واحدة',
    two: 'قيمتان مختلفتان',
    few: '{n} قيم مختلفة',
    many: '{n} قيمة مختلفة',
    other: '{n} قيمة مختلفة',
  },
  en: { one: '{n} value differs', other: '{n} values differ' },
}

export const modelStateTexts = {
  waiting: { ar: 'بانتظار القرار', en: 'Waiting' },
  approved: { ar: 'معتمد', en: 'Approved' },
  refused: { ar: 'مرفوض', en: 'Refused' },
  in_force: { ar: 'معمول به', en: 'In force' },
} as const satisfies Record<string, Text>

/** What differences do to figures, and which number of the version rises by them. */
export const changeKindTexts: Readonly<Record<ChangeKind, Text>> = {
  major: {
    ar: 'تغيير في الحساب: لا تُقارن الدرجات بما قبلها، ويلزم رفع العدد الأول من رقم الإصدار.',
    en: 'Scores can no longer be compared: the first number of the version must rise.',
  },
  minor: {
    ar: 'إضافة لا تدخل في الحساب: يلزم رفع العدد الثاني من رقم الإصدار.',
    en: 'Something was added that is not scored: the second number of the version must rise.',
  },
  patch: {
    ar: 'تغيير في النصوص والألوان وحدها: يلزم رفع العدد الثالث من رقم الإصدار.',
    en: 'Texts and colours only: the third number of the version must rise.',
  },
}

/** Fields of a model, by the first part of their path. */
export const modelFieldTexts: Readonly<Record<string, Text>> = {
  id: { ar: 'المعرّف', en: 'Id' },
  weight: { ar: 'الوزن', en: 'Weight' },
  metric: { ar: 'القياس', en: 'Metric' },
  rollup: { ar: 'جمع المواضع', en: 'Roll-up of units' },
  score: { ar: 'طريقة احتساب الدرجة', en: 'Score' },
  gate: { ar: 'الشرط الحاكم', en: 'Gate' },
  mayNotApply: { ar: 'جواز عدم الانطباق', en: 'May not apply' },
  label: { ar: 'الاسم', en: 'Name' },
  advice: { ar: 'العمل المطلوب', en: 'What to do' },
  objectives: { ar: 'الأهداف', en: 'Objectives' },
  axis: { ar: 'المحور', en: 'Axis' },
  minRatio: { ar: 'أدنى قيمة للمستوى', en: 'Lowest index of the level' },
  color: { ar: 'اللون', en: 'Colour' },
  icon: { ar: 'الرمز', en: 'Icon' },
  conditions: { ar: 'الشروط', en: 'Conditions' },
  targetRatio: { ar: 'المستهدف', en: 'Target' },
  missing: { ar: 'معاملة الناقص والقديم', en: 'Missing and stale values' },
}

/** Why a form about models was refused. */
export const modelRefusalTexts = {
  no_file: { ar: 'يلزم اختيار ملف.', en: 'Choose a file.' },
  format: {
    ar: 'يلزم أن ينتهي اسم الملف بامتداد {yaml} أو {json}.',
    en: 'The name of the file must end in {yaml} or {json}.',
  },
  cycle: { ar: 'لا توجد دورة قياس بهذا الاسم.', en: 'There is no such cycle.' },
  file: { ar: 'ملف النموذج غير صالح.', en: 'The file of the model is not valid.' },
  role: { ar: 'صلاحية الحساب لا تتيح هذا الإجراء.', en: 'This account may not do this.' },
  second_person: {
    ar: 'لا يعتمد النموذج من قدمه، ولا حساب أنشأه أو أنشأ هو له وسيلة دخول.',
    en: 'Whoever proposed cannot decide, nor an account that made theirs or that they made.',
  },
  token: {
    ar: 'القرار لشخص سجّل دخوله، لا لرمز الواجهة البرمجية.',
    en: 'A token decides nothing: a person who signed in must.',
  },
  decided: { ar: 'اتُخذ القرار في هذا النموذج من قبل.', en: 'This was decided before.' },
  retired: {
    ar: 'الملف يذكر أن نموذجه متروك: يلزم أن تكون حالته مسودة.',
    en: 'The file says that its model is retired: its status must be draft.',
  },
  ended: {
    ar: 'انقضت مدة العمل المذكورة في الملف: يلزم تاريخ انتهاء لاحق.',
    en: 'The model no longer holds by what the file says: set a later last day.',
  },
  proposed: {
    ar: 'مقترح سابق للإصدار نفسه بانتظار القرار.',
    en: 'A proposal for this version already waits.',
  },
  approved: { ar: 'هذا الإصدار معتمد من قبل.', en: 'This version is approved already.' },
  immutable: {
    ar: 'الإصدار معتمد ولا يتغير: يلزم رفع رقم الإصدار في الملف.',
    en: 'This version is approved and never changes: raise the version of the file.',
  },
  version: {
    ar: 'يلزم أن يكون رقم الإصدار أعلى من آخر إصدار معتمد.',
    en: 'The version must be later than the newest one that is approved.',
  },
  step: {
    ar: 'رقم الإصدار لم يرتفع بقدر ما تغير منذ آخر إصدار معتمد.',
    en: 'The version does not rise as much as what changed since the newest approved one asks.',
  },
  proposals: {
    ar: 'بلغت النماذج المنتظرة حدها الأعلى (10)، ويلزم القرار في أحدها أولًا.',
    en: 'Ten models wait for approval, which is the most; decide one first.',
  },
  versions: {
    ar: 'بلغت الإصدارات المحفوظة حدها الأعلى (200).',
    en: 'There are 200 versions, which is the most that are kept.',
  },
  not_found: { ar: 'لا يوجد إصدار بهذا الرقم.', en: 'There is no such version of a model.' },
  why: refusedTexts.why,
  other: refusedTexts.other,
} as const satisfies Record<string, Text>
export type ModelRule = keyof typeof modelRefusalTexts
