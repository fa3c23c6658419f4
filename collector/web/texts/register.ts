import type { Text } from '../language.ts'

/** The register and the policy: how they are, and every change. */
export const registerTexts = {
  register: { ar: 'سجل المؤسسات وبيئات الاستضافة', en: 'Register' },
  registerHow: {
    ar: 'المؤسسات وبيئات الاستضافة ونطاق كل مؤشر كما هي الآن، ثم كل تغيير وصاحبه وسببه.',
    en: 'Institutions, environments and populations as they are, then every change.',
  },
  institution: { ar: 'المؤسسة', en: 'Institution' },
  kind: { ar: 'النوع', en: 'Kind' },
  populations: { ar: 'المؤشرات الشاملة لها', en: 'Counted in' },
  environments: { ar: 'بيئات الاستضافة', en: 'Environments' },
  continuity: { ar: 'استمرار العمل', en: 'continuity' },
  readiness: { ar: 'الجاهزية الرقمية', en: 'readiness' },
  enabled: { ar: 'البنى الأساسية الممكَّنة رقميًا', en: 'digitally enabled' },
  ofInstitution: { ar: 'مؤسسة', en: 'institution' },
  ofGovernorate: { ar: 'محافظة', en: 'governorate' },

  policy: { ar: 'السياسة المعتمدة للقياس', en: 'Policy' },
  policyHow: {
    ar: 'كل افتراض في القياس بقيمته النافذة وتاريخه ومن اعتمده، ثم كل تغيير وسببه.',
    en: 'Every assumption: its value, since when, who signed it off, then every change.',
  },
  setting: { ar: 'البند', en: 'Setting' },
  value: { ar: 'القيمة النافذة', en: 'Value now' },
  since: { ar: 'نافذة منذ', en: 'In force since' },
  approved: { ar: 'الاعتماد', en: 'Signed off' },
  decidedOn: { ar: 'قرار بتاريخ {day}', en: 'decided {day}' },
  planned: { ar: 'تغيير مقرر', en: 'Planned' },
  plannedFrom: { ar: 'من {time}', en: 'from {time}' },
  yes: { ar: 'نعم', en: 'yes' },
  no: { ar: 'لا', en: 'no' },

  history: { ar: 'تاريخ التغييرات', en: 'History' },
  none: { ar: 'لا تغييرات مسجلة.', en: 'No change is recorded.' },
  when: { ar: 'الوقت والحساب', en: 'When and who' },
  what: { ar: 'الموضوع والسبب', en: 'What and why' },
  change: { ar: 'التغيير', en: 'Change' },
  leaf: { ar: 'القيد', en: 'Leaf' },
  effective: { ar: 'نافذ من {time}', en: 'Effective {time}' },
  older: { ar: 'الأقدم', en: 'Older' },
  newest: { ar: 'الأحدث', en: 'Newest' },
} as const satisfies Record<string, Text>

/** What each setting of the policy is called; one of a later version is shown by its id. */
export const settingTexts: Readonly<Record<string, Text>> = {
  timezone: { ar: 'المنطقة الزمنية', en: 'Time zone' },
  cycleMonths: { ar: 'شهرا دورتي القياس', en: 'Months in which cycles begin' },
  continuityTargetRatio: {
    ar: 'مستهدف استمرار العمل (نسبة من 1)',
    en: 'Target of continuity (ratio)',
  },
  maintenanceNoticeHours: {
    ar: 'مهلة الإشعار بالصيانة (ساعة)',
    en: 'Notice of maintenance, hours',
  },
  maintenanceQuotaMinutes: {
    ar: 'حصة الصيانة في الدورة (دقيقة)',
    en: 'Maintenance quota of a cycle, minutes',
  },
  maintenanceGapPoints: {
    ar: 'فارق الصيانة المنبِّه (نقطة مئوية)',
    en: 'Flagged gap by maintenance, points',
  },
  freezeDays: { ar: 'مهلة إقفال الدورة (يوم)', en: 'Days before a cycle may be frozen' },
  criticalityWeights: { ar: 'أوزان الأهمية', en: 'Weights of criticality' },
  degradedCountsAsUp: { ar: 'احتساب الأداء المنخفض عملًا', en: 'Degraded counts as up' },
  nationalAggregation: { ar: 'طريقة الجمع الوطني', en: 'National aggregation' },
  publicNeedsWitnesses: {
    ar: 'اشتراط نقاط رصد خارجية للبيئات العامة',
    en: 'Public environments need witnesses',
  },
  minimumProfile: { ar: 'الحد الأدنى من الفحوص لكل فئة', en: 'Minimum checks of each class' },
  setUpDays: { ar: 'مدة التهيئة (يوم)', en: 'Days of setting up' },
  sealMinutes: { ar: 'دورية ختم الشواهد (دقيقة)', en: 'Sealing interval, minutes' },
  centreShareMaxRatio: {
    ar: 'حد انقطاع المنصة قبل التنبيه (نسبة من 1)',
    en: 'Share of collector outage that is flagged',
  },
  scopeStart: { ar: 'بداية نطاق القياس', en: 'Where scope starts' },
  joinerDenominator: { ar: 'مقام المؤسسة المنضمة', en: 'Denominator of a joiner' },
  publishGuard: { ar: 'حدود حجز النشر', en: 'When publishing is held back' },
  hosting: { ar: 'سياسة الاستضافة السحابية', en: 'Cloud hosting' },
}
