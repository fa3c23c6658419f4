import type { Text } from '../../collector/web/language.ts'
import type { PanelText } from '../texts.ts'

/** Titles of the rows. */
export const migrationRowTexts = {
  workloads: { ar: 'الأنظمة', en: 'Workloads' },
  institutions: { ar: 'المؤسسات', en: 'Institutions' },
} as const satisfies Record<string, Text>

/** Words of this dashboard that the board does not have. */
export const migrationWords = {
  expected: { ar: 'الاكتمال المتوقع', en: 'Expected finish' },
  earliest: { ar: 'أقرب موعد', en: 'Earliest' },
  latest: { ar: 'أبعد موعد', en: 'Latest' },
  registered: { ar: 'المؤسسات المسجلة', en: 'Registered institutions' },
  withoutWorkloads: { ar: 'لم تسجل نظامًا', en: 'Without workloads' },
  withoutRoadmap: { ar: 'بلا خارطة طريق معتمدة', en: 'Without a roadmap' },
  workloadCount: { ar: 'عدد الأنظمة', en: 'Workloads' },
} as const satisfies Record<string, Text>

/** The panels of the dashboard of cloud migration. */
export const migrationPanelTexts = {
  done: {
    title: { ar: 'المنجز المثبت', en: 'Done, proven' },
    description: {
      ar: 'نصيب ما ثبت نقله بالقياس أو أُخرج من الخدمة من وزن الأنظمة. النظام صفر أو كامل.',
      en: 'Share of the weight that measurement found moved, or retired. All or nothing each.',
    },
  },
  beside: {
    title: { ar: 'المخطط والتقدم بالمراحل', en: 'Plan and stages' },
    description: {
      ar: 'ما وعدت به أول خارطة طريق معتمدة حتى الآن، والمعدلة بجانبها، والتقدم بحسب المسجل.',
      en: 'Promised by now by the first approved roadmap, by the newest, and earned as registered.',
    },
  },
  performance: {
    title: { ar: 'الأداء مقابل الخطة', en: 'Performance against the plan' },
    description: {
      ar: 'المنجز إلى المخطط، وأشهر الخطة المنجزة إلى المنقضية. أقل من 1 تأخر عن الخطة.',
      en: 'Done by planned, and months earned by months passed. Below 1 is behind the plan.',
    },
  },
  status: {
    title: { ar: 'حال التوقع', en: 'Forecast' },
    description: {
      ar: 'هل اكتمل الانتقال، أو له موعد متوقع، أو لا تقدم مثبتًا يُبنى عليه توقع.',
      en: 'Whether the migration is finished, has a date to expect, or shows no proven progress.',
    },
  },
  dates: {
    title: { ar: 'مواعيد الاكتمال', en: 'When it will be finished' },
    description: {
      ar: 'الموعد المخطط، والمتوقع بالأداء الحالي، ومداه بأسرع ربع سنة وأبطئه.',
      en: 'As planned, as expected at the pace so far, and by the best and the worst quarter.',
    },
  },
  coverage: {
    title: { ar: 'اكتمال التسجيل', en: 'Who has registered' },
    description: {
      ar: 'المؤسسات المسجلة، وما لم يسجل منها نظامًا، وما له أنظمة دون خارطة طريق معتمدة.',
      en: 'Institutions, those without any workload, and those with workloads and no roadmap.',
    },
  },
  reference: {
    title: { ar: 'الشواهد حتى', en: 'Evidence up to' },
    description: {
      ar: 'بداية اليوم الذي تُحسب عنده أرقام الانتقال.',
      en: 'The midnight that all figures of the migration are of.',
    },
  },
  curve: {
    title: { ar: 'منحنى الخطة والفعلي والمتوقع', en: 'Plan, actual and forecast' },
    description: {
      ar: 'المستوى الوطني بنهايات الأشهر، من بداية الخطة إلى الاكتمال المتوقع. الزمن من اليسار.',
      en: 'The nation at ends of months, from the start of the plan to the expected finish.',
    },
  },
  states: {
    title: { ar: 'الأنظمة بحسب الحالة', en: 'Workloads by state' },
    description: {
      ar: 'الحالة كما تُحسب: ما يسجله الناس، وما أثبته القياس، والإعفاءات السارية.',
      en: 'As they count: what people say, what measurement found, and exemptions in force.',
    },
  },
  late: {
    title: { ar: 'الأنظمة المتأخرة والمتعثرة', en: 'Late and blocked' },
    description: {
      ar: 'أنظمة تجاوزت موعدها ولم تُنجز، وأنظمة تنتظر ما يعطلها.',
      en: 'Workloads past their finish and not done, and workloads that wait for something.',
    },
  },
  compliance: {
    title: {
      ar: 'الالتزام بتعميم سياسة الاستضافة السحابية',
      en: 'Hosting-policy compliance',
    },
    description: {
      ar: 'الملتزم من الملتزم والمخالف وغير المعلوم، والأعلى الممكن لو كان غير المعلوم ملتزمًا.',
      en: 'Compliant of compliant, breach and unknown; and were the unknown ones compliant.',
    },
  },
  complianceCounts: {
    title: { ar: 'الأنظمة بحسب الالتزام', en: 'Workloads by compliance' },
    description: {
      ar: 'عدد الأنظمة الملتزمة والمخالفة وما لا يمكن الجزم به والمعفاة.',
      en: 'How many workloads comply, breach, cannot be told or are exempt.',
    },
  },
  findings: {
    title: { ar: 'المسجل والمقيس: ما لا يتفق', en: 'Registered against measured' },
    description: {
      ar: 'عدد الملاحظات بحسب نوعها؛ وتفصيلها في صفحات المنظومة.',
      en: 'How many findings of which kind; the board lists them one by one.',
    },
  },
  institutions: {
    title: { ar: 'الانتقال بحسب المؤسسة', en: 'Migration by institution' },
    description: {
      ar: 'الترتيب من الأقل إنجازًا إلى الأكثر. مؤسسات لم تسجل نظامًا لا تظهر هنا.',
      en: 'Least done first. Institutions without any workload are not listed.',
    },
  },
  history: {
    title: { ar: 'مسار المنجز المثبت', en: 'Done over time' },
    description: {
      ar: 'الأرقام كما كانت معلومة في حينها. محور الزمن من اليسار إلى اليمين.',
      en: 'The figures as they were known at the time. Time runs from left to right.',
    },
  },
} as const satisfies Record<string, PanelText>
