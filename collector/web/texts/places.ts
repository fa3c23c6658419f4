import type { AgentRow, EnvironmentRow, InstitutionRow } from '../../kpi/snapshot.ts'
import type { Text } from '../language.ts'

/** Nation, institution, environment and agent: who reports and what they are. */
export const placeTexts = {
  reporting: { ar: 'المؤسسات الواردة قياساتها', en: 'Reporting' },
  reportingOf: {
    ar: '{reporting}\u00a0من\u00a0{targets}',
    en: '{reporting}\u00a0of\u00a0{targets}',
  },
  reportingHow: {
    ar: 'المؤسسات المستهدفة التي اتصل منها برنامج رصد خلال آخر {time}.',
    en: 'Target institutions from which an agent was heard in the last {time}.',
  },
  withEvidence: {
    ar: 'المؤسسات التي لها شواهد قياس في الدورة: {some}\u00a0من\u00a0{targets}.',
    en: 'With evidence in the cycle: {some}\u00a0of\u00a0{targets}.',
  },
  byVerdict: { ar: 'المؤسسات المستهدفة بحسب النتيجة', en: 'Target institutions by verdict' },
  notReporting: { ar: 'المؤسسات المنقطعة قياساتها', en: 'Institutions not reporting' },
  allReporting: {
    ar: 'لا انقطاع: قياسات جميع المؤسسات المستهدفة واردة.',
    en: 'None: every target institution is reporting.',
  },
  silentAgents: { ar: 'برامج الرصد المنقطعة', en: 'Silent agents' },
  otherSilentAgents: {
    ar: 'برامج الرصد المنقطعة في المؤسسات الأخرى',
    en: 'Silent agents in other institutions',
  },
  noSilentAgents: { ar: 'لا انقطاع: جميع برامج الرصد متصلة.', en: 'None: every agent is heard.' },
  noAgents: { ar: 'لا برامج رصد مسجلة بعد.', en: 'No agent is enrolled yet.' },
  neverHeard: { ar: 'لا اتصال سابق', en: 'Never heard' },
  more: { ar: 'عدد غير المعروض: {more}', en: 'Not shown: {more}' },
  isReporting: { ar: 'القياسات واردة', en: 'Reporting' },
  isNotReporting: { ar: 'القياسات منقطعة', en: 'Not reporting' },
  lastHeard: { ar: 'آخر اتصال', en: 'Last heard' },

  institutions: { ar: 'المؤسسات', en: 'Institutions' },
  governorates: { ar: 'المحافظات', en: 'Governorates' },
  name: { ar: 'الاسم', en: 'Name' },
  about: { ar: 'بيانات المؤسسة', en: 'About the institution' },
  type: { ar: 'النوع', en: 'Type' },
  sector: { ar: 'القطاع', en: 'Sector' },
  lowestFirst: { ar: 'الترتيب من الأدنى نسبةً إلى الأعلى.', en: 'Lowest proven share first.' },
  notTarget: { ar: 'خارج المؤسسات المستهدفة', en: 'Not a target institution' },
  noInstitutions: { ar: 'لا مؤسسات في السجل بعد.', en: 'The register holds no institution yet.' },

  environments: { ar: 'بيئات الاستضافة', en: 'Hosting environments' },
  environment: { ar: 'البيئة', en: 'Environment' },
  noEnvironments: {
    ar: 'لا بيئات استضافة مسجلة لهذه المؤسسة بعد.',
    en: 'No hosting environment is registered for this institution yet.',
  },
  worst: { ar: 'البيئة الأدنى نسبةً', en: 'Lowest environment' },
  worstCritical: { ar: 'البيئة البالغة الأهمية الأدنى نسبةً', en: 'Lowest critical environment' },
  class: { ar: 'النوع', en: 'Class' },
  criticality: { ar: 'الأهمية', en: 'Criticality' },
  site: { ar: 'الموقع', en: 'Site' },
  provider: { ar: 'مزود الاستضافة', en: 'Hosting provider' },
  inScopeFrom: { ar: 'بدء نطاق القياس', en: 'In scope since' },

  agents: { ar: 'برامج الرصد', en: 'Agents' },
  agent: { ar: 'برنامج الرصد', en: 'Agent' },
  version: { ar: 'الإصدار', en: 'Version' },
  lastEvidence: { ar: 'آخر شواهد واردة', en: 'Last evidence' },
  waiting: { ar: 'رسائل بانتظار الإرسال', en: 'Messages waiting' },
  heard: { ar: 'متصل', en: 'Heard' },
  silent: { ar: 'منقطع', en: 'Silent' },
} as const satisfies Record<string, Text>

/** Continuity by hosting provider. */
export const providerTexts = {
  title: { ar: 'نسبة استمرار العمل بحسب مزود الاستضافة', en: 'Continuity by hosting provider' },
  pooled: {
    ar: 'بيئات المؤسسات المستهدفة لدى كل مزود، مرجحةً بأهميتها، للدورة الجارية.',
    en: 'Environments of target institutions at each provider, by criticality, for this cycle.',
  },
  own: { ar: 'مركز بيانات المؤسسة نفسها', en: 'Own data centre' },
  unnamed: {
    ar: 'بيئات لا مزود استضافة لها في السجل: {n}',
    en: 'Environments whose provider the register does not name: {n}',
  },
} as const satisfies Record<string, Text>

export const kindTexts: Readonly<Record<InstitutionRow['kind'], Text>> = {
  institution: { ar: 'مؤسسة', en: 'Institution' },
  governorate: { ar: 'محافظة', en: 'Governorate' },
}

export const classTexts: Readonly<Record<EnvironmentRow['class'], Text>> = {
  public: { ar: 'متاحة للجمهور', en: 'Public' },
  internal: { ar: 'داخلية', en: 'Internal' },
  link: { ar: 'ربط شبكي', en: 'Link' },
}

export const criticalityTexts: Readonly<Record<EnvironmentRow['criticality'], Text>> = {
  critical: { ar: 'بالغة الأهمية', en: 'Critical' },
  important: { ar: 'مهمة', en: 'Important' },
  supporting: { ar: 'مساندة', en: 'Supporting' },
}

/** Why an agent's evidence does not count, where it does not. */
export const agentStatusTexts: Readonly<Record<Exclude<AgentRow['status'], 'active'>, Text>> = {
  pending: { ar: 'بانتظار الاعتماد', en: 'Waiting for approval' },
  quarantined: { ar: 'موقوف احترازيًا', en: 'Quarantined' },
  revoked: { ar: 'ملغى', en: 'Revoked' },
}
