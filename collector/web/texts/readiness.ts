import type { CountText, Text } from '../language.ts'

/** The readiness pages: index, level, gates, work list, indicators, criteria and findings. */
export const readinessTexts = {
  index: {
    ar: 'نسبة مؤشر الجاهزية الرقمية في القطاع العام',
    en: 'Digital readiness index of the public sector',
  },
  indexShort: { ar: 'الجاهزية الرقمية', en: 'Digital readiness' },
  automatic: {
    ar: 'قياس آلي – ليس نتيجة قياس الإجادة',
    en: 'Automatic measurement, not the official excellence result',
  },
  draft: { ar: 'مسودة نموذج – ليست رسمية', en: 'DRAFT MODEL, not official' },
  model: {
    ar: 'نموذج الجاهزية {id}، الإصدار {version}',
    en: 'Readiness model {id}, version {version}',
  },
  hash: { ar: 'بصمة النموذج', en: 'Hash of the model' },
  noModel: {
    ar: 'لا نموذج جاهزية معمولًا به، فلا مؤشر بعد.',
    en: 'No readiness model is in force, so there is no index yet.',
  },
  noDetail: {
    ar: 'لا جاهزية محسوبة لهذه المؤسسة بعد؛ تظهر مع أول حساب بعد تسجيلها.',
    en: 'No readiness is computed for this institution yet; it comes with the next evaluation.',
  },
  noMembers: {
    ar: 'لا مؤسسات في نطاق قياس الجاهزية بعد.',
    en: 'The readiness population holds no institution yet.',
  },
  notMember: { ar: 'خارج نطاق قياس الجاهزية', en: 'Not in the readiness population' },
  more: { ar: 'تفاصيل الجاهزية', en: 'Readiness in detail' },
  whatToDo: { ar: 'الجاهزية والأعمال المطلوبة', en: 'Readiness and what to do next' },

  measured: { ar: 'المقيس من الوزن', en: 'Weight measured' },
  measuredHow: {
    ar: 'ما ورد في إفادة لا يُحسب مقيسًا، وما لا بيانات عنه لا يُثبت شيئًا.',
    en: 'What is declared does not count as measured, and what is missing proves nothing.',
  },
  setUpWeight: {
    ar: 'لا مستوى بعد: المقيس من الوزن {measured}، والمطلوب {needed} على الأقل.',
    en: 'No level yet: {measured} of the weight is measured; a level needs at least {needed}.',
  },
  setUpDays: {
    ar: 'لا مستوى بعد: أيام شواهد القياس الأولى لم تكتمل.',
    en: 'No level yet: the first days of evidence are not over.',
  },
  undetermined: {
    ar: 'سبب عدم الجزم: المؤشر بين {low} و{high} والمستهدف بينهما، والفرق بيانات ناقصة.',
    en: 'Undetermined: the index may be anywhere from {low} to {high}; the rest is missing data.',
  },
  equalWeights: {
    ar: 'للمقارنة، لو تساوت أوزان الأبعاد: {low} إلى {high}.',
    en: 'For comparison, with equal weights of all dimensions: {low} to {high}.',
  },

  level: { ar: 'المستوى', en: 'Level' },
  levels: { ar: 'المؤسسات بحسب المستوى', en: 'Institutions by level' },
  levelProven: { ar: 'المثبت: {level}', en: 'Proven: {level}' },
  levelPossible: { ar: 'الممكن: {level}', en: 'Possible: {level}' },
  levelLow: {
    ar: 'المستوى بحسب الحد الأدنى المثبت بعد تطبيق الشروط الحاكمة.',
    en: 'The level follows the proven low, after the gates.',
  },

  gates: { ar: 'الشروط الحاكمة للمستوى', en: 'Gates that hold the level' },
  noGates: { ar: 'لا شرط حاكمًا يخفض المستوى.', en: 'No gate holds the level down.' },
  gateFired: { ar: 'يخفض المستوى', en: 'Holds the level down' },
  gatePossible: { ar: 'لا يمكن نفيه (القياس غير مكتمل)', en: 'Cannot be ruled out (no data)' },
  gateWhen: {
    ar: 'ينطبق إذا كانت القيمة {condition}.',
    en: 'Fires when the value is {condition}.',
  },
  gateCap: { ar: 'أعلى مستوى ممكن معه: {level}', en: 'Highest level left: {level}' },
  gateCount: { ar: 'الشروط الحاكمة', en: 'Gates' },

  next: { ar: 'أقصر طريق إلى المستوى التالي', en: 'Cheapest path to the next level' },
  nextHow: {
    ar: 'أقل الأعمال عددًا لبلوغ مستوى {level}، بالترتيب؛ يصبح بعدها الحد الأدنى المثبت {low}.',
    en: 'The fewest steps to the level {level}, in order; the proven low is then {low}.',
  },
  nextNever: {
    ar: 'لا تكفي الأعمال المعروفة كلها لبلوغ مستوى {level}؛ يصبح بعدها الحد الأدنى المثبت {low}.',
    en: 'All known steps together do not reach the level {level}; the proven low is then {low}.',
  },
  nextNone: { ar: 'أعلى مستوى محقق.', en: 'The highest level is reached.' },
  work: { ar: 'الأعمال المطلوبة لرفع المؤشر', en: 'Work list: what raises the index' },
  workHow: {
    ar: 'الأكبر أثرًا أولًا. الأثر هو ما يزيد به الحد الأدنى المثبت إذا أُنجز العمل وحده.',
    en: 'The largest gain first. A gain is what the proven low rises by if this alone is done.',
  },
  noWork: {
    ar: 'لا أعمال مطلوبة: كل مؤشر فرعي مثبت بدرجته الكاملة.',
    en: 'Nothing to do: every indicator is proven at its full score.',
  },
  step: { ar: 'العمل', en: 'What to do' },
  where: { ar: 'الموضع', en: 'Where' },
  kind: { ar: 'نوع العمل', en: 'Kind' },
  gain: { ar: 'الأثر (نقطة مئوية)', en: 'Gain (points)' },
  gainPoints: { ar: '{gain} نقطة', en: '{gain} points' },
  lowAfter: { ar: 'الحد الأدنى بعده', en: 'Low after it' },
  liftsGate: { ar: 'يرفع شرطًا حاكمًا', en: 'Lifts a gate' },
  wholeInstitution: { ar: 'المؤسسة كلها', en: 'The whole institution' },
  moreSteps: { ar: 'بقية الأعمال', en: 'The other steps' },

  dimensions: { ar: 'الأبعاد', en: 'Dimensions' },
  dimension: { ar: 'البُعد', en: 'Dimension' },
  weight: { ar: 'الوزن', en: 'Weight' },
  available: { ar: 'المتاح من الوزن', en: 'Weight available' },
  invalid: {
    ar: 'البُعد غير صالح: معظمه لا ينطبق',
    en: 'Not valid: too much of it does not apply',
  },
  scale: {
    ar: 'المدى مرسوم من {start} إلى {end}.',
    en: 'The range is drawn from {start} to {end}.',
  },
  scaleTarget: {
    ar: 'المدى مرسوم من {start} إلى {end}، والخط القائم هو المستهدف {target}.',
    en: 'The range is drawn from {start} to {end}; the upright line is the target of {target}.',
  },
  axes: { ar: 'المحاور الخمسة', en: 'The five axes' },
  axis: { ar: 'المحور', en: 'Axis' },
  axesHow: {
    ar: 'شواهد آلية للمحور؛ أما درجته الرسمية فتُستورد ولا تُحسب هنا.',
    en: 'Automated evidence for the axis; its official score is imported, never computed here.',
  },
  objectives: { ar: 'الأهداف الثمانية', en: 'The eight objectives' },
  objective: { ar: 'الهدف', en: 'Objective' },
  notScored: {
    ar: 'مؤشر وطني للسياق، ولا يُحسب لكل مؤسسة.',
    en: 'A national context indicator, never scored per institution.',
  },

  indicators: { ar: 'المؤشرات الفرعية وشواهدها', en: 'Indicators and their evidence' },
  indicator: { ar: 'المؤشر الفرعي', en: 'Indicator' },
  status: { ar: 'حالة القياس', en: 'Status' },
  share: { ar: 'الوزن في المؤشر', en: 'Weight in the index' },
  statusOf: { ar: 'في {n} من {units}', en: '{n} of {units}' },
  units: { ar: 'الشواهد: {units}', en: 'Evidence: {units}' },
  noUnits: { ar: 'لا شواهد بعد', en: 'No evidence yet' },
  points: { ar: '{points} من 100', en: '{points} of 100 points' },
  pointsRange: { ar: '{low} إلى {high} من 100', en: '{low} to {high} of 100 points' },
  holdsGate: { ar: 'شرط حاكم', en: 'Gate' },

  enabled: {
    ar: 'نسبة البنى الأساسية الممكَّنة رقميًا',
    en: 'Share of infrastructure digitally enabled',
  },
  enabledOf: { ar: 'البنى الأساسية الممكَّنة رقميًا', en: 'Digitally enabled infrastructure' },
  enabledHow: {
    ar: 'التي تم تمكينها رقميًا من إجمالي المؤسسات الأساسية المستهدفة، في {time}.',
    en: 'Enabled institutions of all core target institutions, at {time}.',
  },
  enabledAt: {
    ar: 'الحالة في {time}؛ يلزم استيفاء كل معيار.',
    en: 'As of {time}; every criterion must pass.',
  },
  enabledExact: { ar: '{enabled} من {members}', en: '{enabled} of {members}' },
  enabledRange: { ar: '{low} إلى {high} من {members}', en: '{low} to {high} of {members}' },
  enabledTarget: { ar: 'المستهدف: {target}', en: 'Target: {target}' },
  noEnabledMembers: {
    ar: 'لا مؤسسات أساسية مستهدفة بعد.',
    en: 'There is no core target institution yet.',
  },
  notEnabledMember: {
    ar: 'ليست من المؤسسات الأساسية المستهدفة، فلا تُحسب في النسبة.',
    en: 'Not a core target institution, so it is not counted in the share.',
  },
  environmentsOf: {
    ar: 'قراءة ثانوية – البيئات بدل المؤسسات: {range}.',
    en: 'Secondary reading, environments instead of institutions: {range}.',
  },
  byEnvironment: { ar: 'بحسب البيئة (قراءة ثانوية)', en: 'By environment (secondary reading)' },
  criterion: { ar: 'المعيار', en: 'Criterion' },
  expires: { ar: 'ينتهي الإعفاء في {time}', en: 'The waiver ends on {time}' },
  waivedMembers: { ar: 'منها بإعفاء مؤقت: {n}', en: 'Held by a waiver: {n}' },

  findings: { ar: 'المعلن والمقيس: ما لا يتفق', en: 'Declared against measured: findings' },
  noFindings: { ar: 'لا اختلاف بين المعلن والمقيس.', en: 'What is declared and measured agrees.' },
  finding: { ar: 'الملاحظة', en: 'Finding' },
  subject: { ar: 'الموضوع', en: 'Subject' },
  since: { ar: 'منذ', en: 'Since' },
  owner: { ar: 'المعني بالمعالجة', en: 'Who must act' },
  notKnownSince: { ar: 'غير معلوم', en: 'Not known' },

  byLow: { ar: 'الترتيب من الأدنى مؤشرًا إلى الأعلى.', en: 'Lowest proven index first.' },
  everybody: { ar: 'المؤسسات والمحافظات', en: 'Institutions and governorates' },
  byKind: { ar: 'الجاهزية الرقمية بحسب النوع', en: 'Digital readiness by type' },
  members: { ar: 'المؤسسات في نطاق القياس: {members}.', en: 'Institutions measured: {members}.' },
} as const satisfies Record<string, Text>

/** What an indicator is measured on: a host, an environment or the institution. */
export const unitCount: CountText = {
  ar: {
    zero: 'لا مواضع',
    one: 'موضع واحد',
    two: 'موضعان',
    few: '{n} مواضع',
    many: '{n} موضعًا',
    other: '{n} موضع',
  },
  en: { one: '{n} unit', other: '{n} units' },
}

/** What the figures of readiness mean, in the order in which the pages show them. */
export const readinessGuide = [
  {
    term: { ar: 'الحد الأدنى المثبت', en: 'Proven low' },
    meaning: {
      ar: 'المؤشر بما ثبت وحده: الناقص والقديم وغير المتحقق منه صفر.',
      en: 'The index by what is proven alone: missing, stale and unverified count as 0.',
    },
  },
  {
    term: { ar: 'النسبة المرصودة', en: 'Observed' },
    meaning: {
      ar: 'المؤشر من المتاح وحده؛ ولا قيمة له إذا قل المتاح عن الثلثين.',
      en: 'The index of what is available alone; no value where less than two thirds is.',
    },
  },
  {
    term: { ar: 'الحد الأعلى الممكن', en: 'High' },
    meaning: {
      ar: 'المؤشر لو كان الناقص والقديم بدرجة كاملة، وغير المتحقق منه كما ذُكر في الإفادة.',
      en: 'What it would be with full points for missing and stale, and claims taken as made.',
    },
  },
  {
    term: { ar: 'المقيس من الوزن', en: 'Weight measured' },
    meaning: {
      ar: 'ما قاسته برامج الرصد من وزن ما ينطبق، دون الإفادات. دون الثلثين: قيد التهيئة.',
      en: 'The part of what applies that agents measured. Below two thirds: being set up.',
    },
  },
  {
    term: { ar: 'الشرط الحاكم', en: 'Gate' },
    meaning: {
      ar: 'خلل لا يعوضه غيره: يخفض المستوى ولا يغير المؤشر، وغياب بياناته يخفض المثبت وحده.',
      en: 'A fault nothing makes up for: it caps the level, not the index. No data caps the low.',
    },
  },
  {
    term: { ar: 'الممكَّنة رقميًا', en: 'Digitally enabled' },
    meaning: {
      ar: 'استيفاء كل المعايير بشواهد سارية؛ غير المعلوم يدخل الحد الأعلى وحده، والمعفى لا يدخل.',
      en: 'Every criterion passes on valid evidence; unknown is in the high only, waived in none.',
    },
  },
] as const satisfies readonly { term: Text; meaning: Text }[]
