import type { CountText, Text } from '../language.ts'

/** The migration pages: progress, plan and forecast, compliance, workloads, findings. */
export const migrationTexts = {
  title: { ar: 'الانتقال إلى السحابة الرقمية', en: 'Cloud migration' },
  more: { ar: 'تفاصيل الانتقال', en: 'Migration in detail' },
  begin: { ar: 'كيف يبدأ العمل', en: 'How to begin' },

  none: {
    ar: 'لم تُسجل أي مؤسسة نظامًا للنقل بعد، فلا نسبة بعد.',
    en: 'No institution has registered a workload yet, so there is no figure.',
  },
  noneOwn: {
    ar: 'لم تُسجل المؤسسة نظامًا للنقل بعد، فلا نسبة بعد.',
    en: 'The institution has registered no workload yet, so there is no figure.',
  },
  notYet: {
    ar: 'لا تفاصيل محسوبة بعد؛ تظهر مع الحساب القادم.',
    en: 'The details are not computed yet; they come with the next evaluation.',
  },
  beginPolicy: {
    ar: 'تضبط الوزارة سياسة الاستضافة: تاريخ التعميم، والمزودين المعتمدين، وتصنيفات البيانات.',
    en: 'The ministry sets the hosting policy: the circular, approved providers, data classes.',
  },
  beginRegister: {
    ar: 'تسجل المؤسسة أنظمتها واحدًا واحدًا، أو تستوردها من ملف بعد معاينته.',
    en: 'The institution registers its workloads one by one, or imports them from a file.',
  },
  beginRoadmap: {
    ar: 'تُعتمد خارطة الطريق، فتُحفظ خطة ثابتة يُقاس عليها التقدم.',
    en: 'The roadmap is approved: from then on progress is measured against it.',
  },
  beginAgents: {
    ar: 'تُشغَّل برامج الرصد في الموضع القديم وفي السحابة؛ فلا نقل يُثبت دون قياس.',
    en: 'Agents run where the workload is and where it goes: no move is proven without them.',
  },

  progress: { ar: 'التقدم', en: 'Progress' },
  done: { ar: 'المنجز المثبت', en: 'Done, proven' },
  earned: { ar: 'التقدم بالمراحل', en: 'Earned by stages' },
  planned: { ar: 'المخطط حتى الآن', en: 'Planned by now' },
  rebaselined: { ar: 'المخطط بعد التعديل', en: 'Planned by the re-baseline' },
  weightDone: {
    ar: 'وزن ما ثبت نقله بالقياس أو أُخرج من الخدمة',
    en: 'weight validated by measurement or retired',
  },
  bar: {
    ar: 'الشريط هو المنجز من 0% إلى 100%، والخط القائم هو المخطط حتى الآن.',
    en: 'The bar is what is done, from 0% to 100%; the upright line is what is planned by now.',
  },
  inScope: { ar: 'الأنظمة: {workloads}، الوزن: {weight}', en: '{workloads}, weight {weight}' },
  dayOf: {
    ar: 'الشواهد حتى بداية يوم {day}.',
    en: 'Evidence up to the start of {day}.',
  },
  coverage: {
    ar: 'مؤسسات لم تسجل نظامًا: {without} من {all}؛ ومؤسسات لها أنظمة دون خارطة طريق: {unplanned}.',
    en: 'Without any workload: {without} of {all} institutions; without a roadmap: {unplanned}.',
  },

  plan: { ar: 'خارطة الطريق والتوقع', en: 'Roadmap and forecast' },
  planShort: { ar: 'الخطة', en: 'Plan' },
  noBaseline: {
    ar: 'لا خارطة طريق معتمدة بعد، فلا مخطط ولا توقع.',
    en: 'No roadmap is approved yet, so nothing is planned and nothing can be expected.',
  },
  noRoadmap: { ar: 'بلا خارطة طريق معتمدة', en: 'No approved roadmap' },
  toRoadmap: { ar: 'خارطة الطريق والإعفاءات', en: 'Roadmap and exemptions' },
  toWorkloads: { ar: 'تسجيل الأنظمة', en: 'Register workloads' },
  register: { ar: 'تسجيله', en: 'Register it' },
  change: { ar: 'تعديل', en: 'Change' },
  toImport: { ar: 'استيراد الأنظمة من ملف', en: 'Import workloads from a file' },
  aheadOfPlan: { ar: 'بحسب الخطة أو أسرع', en: 'On plan or ahead' },
  nothingDue: { ar: 'لم يحن موعد أي إنجاز بعد', en: 'Nothing is due yet' },
  behindPlan: { ar: 'متأخر عن الخطة', en: 'Behind the plan' },
  band: {
    ar: 'بين {earliest} و{latest} بحسب أسرع ربع سنة وأبطئه.',
    en: 'Between {earliest} and {latest}, by the best and the worst quarter so far.',
  },
  bandOpen: {
    ar: 'ليس قبل {earliest}؛ ولو استمر أبطأ ربع سنة لما اكتمل.',
    en: 'Not before {earliest}; at the pace of the worst quarter it would never finish.',
  },
  noBand: {
    ar: 'لا مدى للتوقع قبل اكتمال ربعي سنة.',
    en: 'The range comes once two quarters are complete.',
  },
  start: { ar: 'بداية الخطة', en: 'Plan begins' },
  plannedFinish: { ar: 'الاكتمال المخطط', en: 'Planned finish' },
  earnedMonths: {
    ar: 'أشهر الخطة المنجزة من المنقضية',
    en: 'Plan months earned, of months passed',
  },
  monthsOf: { ar: '{earned} من {actual}', en: '{earned} of {actual}' },
  performance: { ar: 'المنجز إلى المخطط', en: 'Done to planned, SPI' },
  timePerformance: { ar: 'مؤشر الأداء الزمني', en: 'Time performance, SPI(t)' },

  curve: { ar: 'منحنى الخطة والفعلي والمتوقع', en: 'Plan, actual and forecast' },
  curveNone: {
    ar: 'يظهر المنحنى بعد اعتماد خارطة الطريق.',
    en: 'The curve appears once a roadmap is approved.',
  },
  curveTime: {
    ar: 'يسير الزمن من اليسار إلى اليمين.',
    en: 'Time runs from left to right.',
  },
  curveSays: {
    ar: 'في {day}: المنجز المثبت {done}، والمخطط {planned}.',
    en: 'At {day}: done {done}, planned {planned}.',
  },
  curveTable: { ar: 'الأرقام بحسب الشهر', en: 'The numbers by month' },
  plannedLine: { ar: 'المخطط (خارطة الطريق)', en: 'Planned (roadmap)' },
  forecastLine: { ar: 'المتوقع', en: 'Forecast' },
  actualLine: { ar: 'المنجز المثبت (الفعلي)', en: 'Done, proven (actual)' },
  now: { ar: 'الآن', en: 'Now' },
  instant: { ar: 'اليوم', en: 'Day' },

  states: { ar: 'الأنظمة بحسب الحالة', en: 'Workloads by state' },
  statesHow: {
    ar: 'طول كل جزء بحسب الوزن؛ والمعفى خارج الحساب.',
    en: 'Each part is as long as its weight; what is exempt does not count.',
  },
  stateCount: { ar: '{workloads} (الوزن {weight})', en: '{workloads} (weight {weight})' },

  compliance: {
    ar: 'الالتزام بتعميم سياسة الاستضافة السحابية',
    en: 'Hosting-policy compliance',
  },
  complianceShort: { ar: 'الالتزام بالتعميم', en: 'Compliance' },
  complianceRange: {
    ar: 'المثبت {low}، والأعلى الممكن {high}.',
    en: 'Proven {low}, possible {high}.',
  },
  complianceNone: {
    ar: 'لا أنظمة في نطاق التعميم بعد.',
    en: 'No workload is under the circular yet.',
  },

  late: { ar: 'الأنظمة المتأخرة', en: 'Late workloads' },
  noLate: { ar: 'لا أنظمة متأخرة.', en: 'No workload is late.' },
  blocked: { ar: 'الأنظمة المتعثرة', en: 'Blocked workloads' },
  noBlocked: { ar: 'لا أنظمة متعثرة.', en: 'No workload is blocked.' },
  isLate: { ar: 'متأخر', en: 'Late' },
  isBlocked: { ar: 'متعثر', en: 'Blocked' },
  isRolledBack: { ar: 'أُعيد من النقل', en: 'Rolled back' },
  due: { ar: 'الموعد {day}', en: 'due {day}' },
  blockedSince: { ar: 'متعثر منذ {day}: {reason}', en: 'since {day}: {reason}' },
  owner: { ar: 'المسؤول: {owner}', en: 'owner: {owner}' },
  noOwner: { ar: 'لا مسؤول مسجلًا', en: 'no owner registered' },

  findings: { ar: 'المسجل والمقيس: ما لا يتفق', en: 'Registered against measured' },
  findingCount: { ar: 'الملاحظات', en: 'Findings' },
  noFindings: {
    ar: 'لا اختلاف بين المسجل والمقيس.',
    en: 'What is registered is what is measured.',
  },
  finding: { ar: 'الملاحظة', en: 'Finding' },
  declared: { ar: 'المسجل', en: 'Registered' },
  measured: { ar: 'المقيس', en: 'Measured' },
  noCloud: { ar: 'خارج السحب المعروفة', en: 'outside of every known cloud' },
  hosts: { ar: 'الخوادم', en: 'Hosts' },
  since: { ar: 'منذ', en: 'Since' },
  atLeastSince: {
    ar: 'منذ ذلك على الأقل، ولا شواهد محفوظة قبله',
    en: 'at least since then; no earlier evidence is kept',
  },

  everybody: { ar: 'المؤسسات والمحافظات', en: 'Institutions and governorates' },
  byDone: {
    ar: 'الترتيب من الأقل إنجازًا إلى الأكثر.',
    en: 'Least done first.',
  },
  notRegistered: { ar: 'لم تسجل نظامًا', en: 'No workload registered' },

  workloads: { ar: 'الأنظمة', en: 'Workloads' },
  workload: { ar: 'النظام', en: 'Workload' },
  state: { ar: 'الحالة', en: 'State' },
  place: { ar: 'من وإلى', en: 'From and to' },
  from: { ar: 'من: {place}', en: 'from: {place}' },
  to: { ar: 'إلى: {place}', en: 'to: {place}' },
  provider: { ar: 'المزود: {provider}', en: 'provider: {provider}' },
  dataClass: { ar: 'تصنيف البيانات: {name}', en: 'data class: {name}' },
  strategy: { ar: 'طريقة النقل: {strategy}', en: 'strategy: {strategy}' },
  wave: { ar: 'الدفعة', en: 'Wave' },
  weight: { ar: 'الوزن {weight}', en: 'weight {weight}' },
  dates: { ar: 'المواعيد', en: 'Dates' },
  plannedFor: { ar: 'المخطط: {day}', en: 'planned: {day}' },
  promisedFor: { ar: 'خارطة الطريق: {day}', en: 'roadmap: {day}' },
  cutOverOn: { ar: 'بدء التشغيل: {day}', en: 'cut over: {day}' },
  retiredOn: { ar: 'الإخراج من الخدمة: {day}', en: 'retired: {day}' },
  exemptUntil: { ar: 'الإعفاء حتى {day}', en: 'exempt until {day}' },
  proofs: { ar: 'الإثباتات', en: 'Proofs' },
  proofsOf: { ar: 'المثبت: {have} من {need}', en: '{have} of {need} proven' },
  noProofs: { ar: 'بعد بدء التشغيل في السحابة', en: 'after the cut over' },
  days: { ar: 'الأيام: {have} من {need}.', en: 'Days: {have} of {need}.' },
  measuredAs: { ar: 'المقيس: {measured}.', en: 'Measured: {measured}.' },
  onHosts: { ar: 'الخوادم: {hosts}.', en: 'Hosts: {hosts}.' },
  readiness: { ar: 'الجاهزية للنقل', en: 'Fitness to move' },
  points: { ar: 'البيانات المعلومة: {known} من {all}', en: 'known data: {known} of {all}' },

  waves: { ar: 'دفعات النقل', en: 'Waves' },
  noWave: { ar: 'خارج الدفعات', en: 'In no wave' },
  finish: { ar: 'النهاية', en: 'Finish' },
  waveStart: { ar: 'البداية', en: 'Start' },

  discovered: { ar: 'بيئات مقيسة لم يُسجل عليها نظام', en: 'Measured, not registered yet' },
  discoveredHow: {
    ar: 'ما تراه برامج الرصد على بيئات لا يذكرها أي نظام. استيراده يبدأ من قائمة جاهزة.',
    en: 'What agents see in environments that no workload names, to be registered from here.',
  },
  platform: { ar: 'المنصة', en: 'Platform' },
  looksLike: { ar: 'المزود المرجح', en: 'Looks like' },
  proposal: { ar: 'المقترح', en: 'Proposal' },

  baselines: { ar: 'خرائط الطريق المعتمدة', en: 'Baselines of the roadmap' },
  baseline: { ar: 'خارطة الطريق', en: 'Baseline' },
  original: { ar: 'الأصلية، وعليها يُقاس', en: 'the original, which counts' },
  beside: { ar: 'معدلة، تُعرض بجانبها', en: 'a re-baseline, shown beside' },
  approved: { ar: 'الاعتماد', en: 'Approved' },
} as const satisfies Record<string, Text>

export const workloadCount: CountText = {
  ar: {
    zero: 'لا أنظمة',
    one: 'نظام واحد',
    two: 'نظامان',
    few: '{n} أنظمة',
    many: '{n} نظامًا',
    other: '{n} نظام',
  },
  en: { one: '{n} workload', other: '{n} workloads' },
}

/** What the figures of the migration mean, in the order in which the pages show them. */
export const migrationGuide = [
  {
    term: migrationTexts.done,
    meaning: {
      ar: 'صفر أو كامل: لا يُحسب النظام إلا بعد اجتماع الإثباتات الخمسة، أو إخراجه من الخدمة.',
      en: 'All or nothing: a workload counts once all five proofs hold, or it is retired.',
    },
  },
  {
    term: migrationTexts.earned,
    meaning: {
      ar: 'لكل مرحلة رصيد بحسب المسجل (بدء التشغيل 80%)؛ قراءة ثانوية لا يُعتد بها وحدها.',
      en: 'Each state has its credit, as registered (cut over: 80%); a secondary reading.',
    },
  },
  {
    term: migrationTexts.planned,
    meaning: {
      ar: 'ما وعدت به أول خارطة طريق معتمدة حتى اليوم؛ والمعدلة تُعرض بجانبها ولا تحل محلها.',
      en: 'What the first approved roadmap promised by now; later ones stand beside, not instead.',
    },
  },
  {
    term: migrationTexts.timePerformance,
    meaning: {
      ar: 'أشهر الخطة المنجزة إلى الأشهر المنقضية. 1 فأكثر: بحسب الخطة؛ ولا يتحسن بمرور الوقت.',
      en: 'Months of the plan earned by months passed. 1 or more is on plan.',
    },
  },
  {
    term: { ar: 'الاكتمال المتوقع', en: 'Expected finish' },
    meaning: {
      ar: 'مدة الخطة مقسومة على مؤشر الأداء الزمني، ومداها بأسرع ربع سنة وأبطئه.',
      en: 'The length of the plan by SPI(t); its range by the best and the worst quarter.',
    },
  },
  {
    term: migrationTexts.compliance,
    meaning: {
      ar: 'الملتزم من الملتزم والمخالف وغير المعلوم؛ والأعلى الممكن لو كان غير المعلوم ملتزمًا.',
      en: 'Compliant of compliant, breach and unknown; possible: were the unknown compliant.',
    },
  },
] as const satisfies readonly { term: Text; meaning: Text }[]
