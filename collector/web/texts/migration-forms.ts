import type { BaselineState } from '../../register/baselines.ts'
import type { ExemptionState } from '../../register/exemptions.ts'
import type { Text } from '../language.ts'
import { refusedTexts } from './refused.ts'

/** The forms of a migration: workloads, their import, exemptions and the roadmap. */
export const migrationFormTexts = {
  workloads: { ar: 'تسجيل الأنظمة', en: 'Register workloads' },
  import: { ar: 'استيراد الأنظمة من ملف', en: 'Import workloads from a file' },
  roadmap: { ar: 'خارطة الطريق والإعفاءات', en: 'Roadmap and exemptions' },
  waitingRoadmaps: {
    ar: 'خرائط طريق وإعفاءات بانتظار القرار',
    en: 'Roadmaps and exemptions waiting for a decision',
  },
  readOnly: {
    ar: 'التسجيل والتعديل لموظفي المؤسسة والوزارة.',
    en: 'The institution’s own people and the ministry register and change.',
  },
  why: { ar: 'السبب (يُحفظ في السجل)', en: 'Reason (kept in the log)' },
  empty: { ar: 'غير محدد', en: 'Not said' },
  problems: { ar: 'لم يتغير شيء. يلزم تصحيح ما يأتي:', en: 'Nothing has changed. To correct:' },
  atLine: { ar: 'السطر {line}', en: 'Line {line}' },

  registered: { ar: 'الأنظمة المسجلة', en: 'Registered workloads' },
  noneRegistered: { ar: 'لا أنظمة مسجلة بعد.', en: 'No workload is registered yet.' },
  change: { ar: 'تعديل', en: 'Change' },
  another: { ar: 'تسجيل نظام آخر', en: 'Register another one' },
  newWorkload: { ar: 'تسجيل نظام جديد', en: 'Register a workload' },
  changeWorkload: { ar: 'تعديل: {name}', en: 'Change {name}' },
  workloadHow: {
    ar: 'تُسجل المرحلة التي بلغها النظام، والإثبات بالقياس وحده. ويُحفظ كل تعديل في السجل.',
    en: 'Say how far it is; whether that is so, only measurement tells. Every change is logged.',
  },
  prefilled: {
    ar: 'الخانات معبأة مما قاسته برامج الرصد، وتُراجع قبل الحفظ.',
    en: 'Filled in from what agents measured: look at it before you save.',
  },
  save: { ar: 'حفظ', en: 'Save' },
  remove: { ar: 'حذف من السجل', en: 'Remove' },
  removeHow: {
    ar: 'يُحذف ما لم يُخطط له بعد. أما ما خُطط له فيُعفى أو يُسجل خروجه من الخدمة.',
    en: 'Only what was never planned is removed; else it is exempted or retired.',
  },
  partWhat: { ar: 'النظام', en: 'The workload' },
  partWhere: { ar: 'من أين وإلى أين', en: 'From where to where' },
  partWhen: { ar: 'المرحلة والتواريخ', en: 'Stage and dates' },
  partBlocked: { ar: 'التعثر', en: 'If it cannot go on' },

  importHow: {
    ar: 'يُعرض ما سيتغير قبل تسجيله. والملف الذي فيه خطأ واحد لا يُسجل منه شيء.',
    en: 'What would change is shown first. With one fault in the file nothing of it is registered.',
  },
  importFormat: {
    ar: 'جدول ({csv}) أو ملف {yaml} بترميز {encoding}. وما لا يرد فيه من الأنظمة يبقى كما هو.',
    en: 'A table ({csv}) or a {yaml} file, saved as {encoding}. Workloads not in it stay.',
  },
  importWhole: {
    ar: 'ويحدد كل صف بيانات نظامه كلها: الخانة الفارغة أو الناقصة تمحو ما سُجل فيها، إلا الوزن.',
    en: 'A row says all of its workload: an empty or missing cell empties a field, but the weight.',
  },
  template: { ar: 'تنزيل الأنظمة المسجلة', en: 'Download what is registered' },
  discovered: {
    ar: 'تنزيل ما رُصد ولم يُسجل، لإكماله',
    en: 'Download what is measured and not registered, to complete it',
  },
  file: { ar: 'الملف', en: 'File' },
  preview: { ar: 'معاينة', en: 'Preview' },
  previewTitle: { ar: 'ما سيتغير', en: 'What would change' },
  applyImport: { ar: 'تسجيل ما في الملف', en: 'Register all of it' },
  noChange: {
    ar: 'كل ما في الملف مسجل كما هو، فلا تغيير.',
    en: 'Everything in the file stands as it is: nothing changes.',
  },
  added: { ar: 'تُضاف', en: 'Added' },
  changed: { ar: 'تُعدل', en: 'Changed' },
  unchanged: { ar: 'كما هي', en: 'As they were' },
  absent: { ar: 'ليست في الملف، وتبقى كما هي', en: 'Not in the file; they stay' },
  owner: { ar: 'المسؤول', en: 'Owner' },
  field: { ar: 'الحقل', en: 'Field' },
  rolledBack: { ar: 'أُعيد من النقل', en: 'Rolled back' },
  yes: { ar: 'نعم', en: 'Yes' },
  no: { ar: 'لا', en: 'No' },
  before: { ar: 'قبل', en: 'Before' },
  after: { ar: 'بعد', en: 'After' },
  more: { ar: 'عدد غير المعروض: {more}', en: 'Not shown: {more}' },

  exemptions: { ar: 'الإعفاءات', en: 'Exemptions' },
  exemptionsHow: {
    ar: 'يُستبعد المعفى من الحساب حتى تاريخ محدد، ويعتمده طرف آخر. وانتهاء الإعفاء مخالفة.',
    en: 'Another body approves it; until its day the workload does not count. Expired: a breach.',
  },
  noExemptions: { ar: 'لا إعفاءات لهذه المؤسسة.', en: 'There are no exemptions.' },
  ask: { ar: 'طلب إعفاء', en: 'Ask for an exemption' },
  workload: { ar: 'النظام', en: 'Workload' },
  until: { ar: 'حتى تاريخ (خلال 24 شهرًا)', en: 'Until (within 24 months)' },
  expires: { ar: 'تاريخ الانتهاء', en: 'Expires' },
  reason: { ar: 'سبب الإعفاء (يُحفظ في السجل)', en: 'Why it cannot move (kept in the log)' },
  request: { ar: 'تقديم الطلب', en: 'Send' },
  requestedBy: { ar: 'مقدم الطلب', en: 'Asked for by' },
  decision: { ar: 'القرار', en: 'Decision' },
  withdrawnAt: { ar: 'وقت السحب', en: 'Withdrawn' },
  decide: { ar: 'اتخاذ القرار', en: 'Decide' },
  approve: { ar: 'اعتماد', en: 'Approve' },
  refuse: { ar: 'رفض', en: 'Refuse' },
  withdraw: { ar: 'سحب', en: 'Withdraw' },
  takeBack: { ar: 'سحب الطلب', en: 'Take back' },
  whyDecision: { ar: 'سبب القرار (يُحفظ في السجل)', en: 'Why you decide so (kept in the log)' },
  saidWhy: { ar: 'السبب', en: 'Reason' },

  baselines: { ar: 'خارطة الطريق المعتمدة', en: 'Roadmap' },
  baselinesHow: {
    ar: 'تُحفظ التواريخ المخططة كما هي يوم الاعتماد. والأولى هي الأساس دائمًا، وغيرها بجانبها.',
    en: 'Planned finishes are frozen when approved. The first is the baseline for ever.',
  },
  noBaselines: { ar: 'لا خارطة طريق معتمدة بعد.', en: 'No roadmap is approved yet.' },
  number: { ar: 'خارطة الطريق رقم {number}', en: 'Roadmap {number}' },
  startOn: { ar: 'بداية الخطة', en: 'Starts on' },
  lastFinish: { ar: 'آخر اكتمال مخطط', en: 'Last planned finish' },
  counted: { ar: 'الأنظمة والوزن', en: 'Workloads and weight' },
  countedValue: { ar: '{workloads}، الوزن {weight}', en: '{workloads}, weight {weight}' },
  propose: { ar: 'اقتراح خارطة طريق', en: 'Propose a roadmap' },
  proposeHow: {
    ar: 'هذا ما ستحفظه خارطة طريق تُقترح الآن، ويعتمدها طرف آخر غير مقدمها.',
    en: 'This is what a roadmap proposed now would promise. Another body approves it.',
  },
  draftFaults: {
    ar: 'لا يمكن اقتراحها قبل إكمال ما يأتي:',
    en: 'Before it can be proposed:',
  },
  proposeNow: { ar: 'اقتراح', en: 'Propose' },
  showDraft: { ar: 'عرض بهذا التاريخ', en: 'Show with this day' },
  ownBody: {
    ar: 'القرار لطرف آخر غير مقدم الطلب.',
    en: 'Another body than the one that asked decides.',
  },
} as const satisfies Record<string, Text>

/** Labels of the fields of a workload, by the column of a file that holds each. */
export const workloadFieldTexts = {
  id: { ar: 'المعرّف (حروف لاتينية صغيرة وأرقام وشرطات)', en: 'Id (a to z, 0 to 9, hyphens)' },
  name_ar: { ar: 'الاسم بالعربية', en: 'Name in Arabic' },
  name_en: { ar: 'الاسم بالإنجليزية', en: 'Name in English' },
  criticality: { ar: 'الأهمية', en: 'Criticality' },
  weight: {
    ar: 'الوزن (1 إلى 100، أو بحسب الأهمية)',
    en: 'Weight (1 to 100, else by criticality)',
  },
  data_class: { ar: 'تصنيف البيانات', en: 'Data class' },
  strategy: { ar: 'أسلوب النقل', en: 'Strategy' },
  wave: { ar: 'دفعة النقل', en: 'Wave' },
  owner: { ar: 'المسؤول (منصب أو فريق، لا اسم شخص)', en: 'Owner (post or team, no person’s name)' },
  source_environment: { ar: 'بيئة الاستضافة الحالية', en: 'Environment it moves from' },
  source_hosts: {
    ar: 'الخوادم فيها (تفصل بينها فاصلة منقوطة، أو تُترك فارغة لكلها)',
    en: 'Its hosts there (with semicolons between; empty for all)',
  },
  target_environment: { ar: 'بيئة الاستضافة المستهدفة', en: 'Environment it moves to' },
  target_hosts: {
    ar: 'الخوادم المستهدفة (تفصل بينها فاصلة منقوطة، أو تُترك فارغة لكلها)',
    en: 'Its hosts there, after the move (empty for all)',
  },
  provider: { ar: 'مزود الاستضافة', en: 'Provider' },
  service_since: { ar: 'في الخدمة منذ', en: 'In service since' },
  planned_start: { ar: 'البدء المخطط', en: 'Planned start' },
  planned_finish: { ar: 'الاكتمال المخطط', en: 'Planned finish' },
  started_on: { ar: 'تاريخ بدء النقل', en: 'Move begun on' },
  cut_over_on: { ar: 'تاريخ بدء التشغيل في السحابة', en: 'Cut over on' },
  retired_on: { ar: 'تاريخ الخروج من الخدمة', en: 'Retired on' },
  state: { ar: 'المرحلة', en: 'Stage' },
  blocked_reason: { ar: 'سبب التعثر', en: 'What it waits for' },
  blocked_since: { ar: 'متعثر منذ', en: 'Blocked since' },
} as const satisfies Record<string, Text>
export type WorkloadField = keyof typeof workloadFieldTexts

export const exemptionStateTexts: Readonly<Record<ExemptionState, Text>> = {
  open: { ar: 'بانتظار القرار', en: 'Waiting for a decision' },
  in_force: { ar: 'ساري المفعول', en: 'In force' },
  refused: { ar: 'مرفوض', en: 'Refused' },
  withdrawn: { ar: 'مسحوب', en: 'Withdrawn' },
  lapsed: { ar: 'انتهى قبل القرار', en: 'Lapsed before a decision' },
  expired: { ar: 'انتهى، وهو مخالفة', en: 'Expired: a breach' },
  replaced: { ar: 'حل محله إعفاء أحدث', en: 'Replaced by a later one' },
}

export const baselineStateTexts: Readonly<Record<BaselineState, Text>> = {
  open: { ar: 'بانتظار القرار', en: 'Waiting for a decision' },
  approved: { ar: 'معتمدة', en: 'Approved' },
  refused: { ar: 'مرفوضة', en: 'Refused' },
  withdrawn: { ar: 'مسحوبة', en: 'Withdrawn' },
}

/** Why a form was refused, by the rule that the refusal names. */
export const migrationRefusalTexts = {
  workload: { ar: 'لم يُسجل النظام.', en: 'The workload was not registered.' },
  file: { ar: 'لم يُقبل الملف.', en: 'The file was refused.' },
  exists: {
    ar: 'معرّف هذا النظام مسجل لنظام آخر. يُختار معرّف آخر، أو يُعدل المسجل.',
    en: 'This id is that of another workload: choose another one, or change that one.',
  },
  no_file: { ar: 'يلزم اختيار ملف.', en: 'Choose a file.' },
  format: {
    ar: 'يلزم أن ينتهي اسم الملف بامتداد {csv} أو {yaml}.',
    en: 'The name of the file must end in {csv} or {yaml}.',
  },
  planned: {
    ar: 'لا يُحذف ما خُطط له: يُعفى أو يُسجل خروجه من الخدمة.',
    en: 'What was planned is not removed: exempt it or retire it.',
  },
  changed: {
    ar: 'تغير السجل في اللحظة نفسها. تلزم إعادة المحاولة.',
    en: 'The register changed at the same moment: try again.',
  },
  incomplete: {
    ar: 'خارطة الطريق غير مكتملة.',
    en: 'The roadmap is not complete.',
  },
  full: {
    ar: 'للمؤسسة 100 خارطة طريق معتمدة، وهو الحد الأقصى.',
    en: 'The institution has 100 roadmaps, which is the limit.',
  },
  expired: {
    ar: 'يلزم أن يكون تاريخ الانتهاء بعد اليوم.',
    en: 'The date of expiry must be after today.',
  },
  too_long: {
    ar: 'آخر تاريخ ممكن للانتهاء: {until}. ويُطلب غيره بعده.',
    en: 'It can hold until {until} at most; then another one is asked for.',
  },
  waiting: {
    ar: 'طلب سابق في الموضوع نفسه بانتظار القرار.',
    en: 'One about the same waits for a decision already.',
  },
  open: {
    ar: 'للمؤسسة 200 طلب بانتظار القرار، وهو الحد الأقصى.',
    en: 'The institution has 200 requests waiting, which is the limit.',
  },
  role: { ar: 'صلاحية الحساب لا تتيح هذا الإجراء.', en: 'This account may not do this.' },
  own_body: {
    ar: 'لا يتخذ القرار من قدم الطلب: القرار لطرف آخر.',
    en: 'Another body than the one that asked must decide this.',
  },
  second_person: {
    ar: 'القرار لحساب آخر غير حساب مقدم الطلب.',
    en: 'Another account than the one that asked must decide this.',
  },
  decided: { ar: 'سبق اتخاذ القرار في هذا الطلب.', en: 'This was decided before.' },
  withdrawn: { ar: 'الطلب مسحوب.', en: 'It was withdrawn.' },
  lapsed: { ar: 'انتهى الطلب قبل اتخاذ القرار.', en: 'It expired before anybody decided.' },
  closed: {
    ar: 'لا يُسحب إلا طلب سارٍ أو بانتظار القرار.',
    en: 'Only what holds or waits is taken back.',
  },
  time: { ar: 'يلزم تحديد التاريخ.', en: 'Give the date.' },
  why: refusedTexts.why,
  not_found: {
    ar: 'لا نظام أو طلب بهذا الاسم لهذه المؤسسة.',
    en: 'This institution has no such workload or request.',
  },
  other: refusedTexts.other,
} as const satisfies Record<string, Text>
export type MigrationRefusalRule = keyof typeof migrationRefusalTexts
