import type { DataPoint } from '../../kpi/migration/observation.ts'
import type {
  ComplianceReason,
  Discovered,
  Forecast,
  MigrationFindingKind,
  MoveReadiness,
  Proof,
  ProofName,
  Wave,
  WorkloadCompliance,
  WorkloadState,
} from '../../kpi/migration/result.ts'
import type { Strategy } from '../../kpi/migration/workload.ts'
import type { Text } from '../language.ts'

/** States in the order of the way; what is exempt has left it. */
export const workloadStateTexts: Readonly<Record<WorkloadState, Text>> = {
  identified: { ar: 'محصور', en: 'Identified' },
  assessed: { ar: 'مقيَّم', en: 'Assessed' },
  planned: { ar: 'مخطط له', en: 'Planned' },
  preparing: { ar: 'قيد التحضير', en: 'Preparing' },
  migrating: { ar: 'قيد النقل', en: 'Migrating' },
  cut_over: { ar: 'بدء التشغيل في السحابة', en: 'Cut over' },
  validated: { ar: 'مثبت بالقياس', en: 'Validated by measurement' },
  retired: { ar: 'خارج الخدمة', en: 'Retired' },
  exempt: { ar: 'معفى', en: 'Exempt' },
}

/** The seven Rs. */
export const strategyTexts: Readonly<Record<Strategy, Text>> = {
  rehost: { ar: 'النقل كما هو', en: 'Rehost' },
  replatform: { ar: 'النقل مع تحديث المنصة', en: 'Replatform' },
  repurchase: { ar: 'الاستبدال بخدمة جاهزة', en: 'Repurchase' },
  refactor: { ar: 'إعادة البناء', en: 'Refactor' },
  relocate: { ar: 'نقل البيئة كاملة', en: 'Relocate' },
  retain: { ar: 'الإبقاء في الموضع الحالي', en: 'Retain' },
  retire: { ar: 'الإخراج من الخدمة', en: 'Retire' },
}

/** Each proof: its name, and what each outcome of it says. */
export const proofTexts: Readonly<
  Record<ProofName, Readonly<Record<'name' | Proof['status'], Text>>>
> = {
  seen_in_target: {
    name: { ar: 'الرصد في البيئة المستهدفة', en: 'Seen in the target' },
    pass: {
      ar: 'برامج الرصد تعمل لدى المزود المسجل.',
      en: 'Agents report from the registered provider.',
    },
    fail: {
      ar: 'المقيس لا يطابق المزود المسجل.',
      en: 'What is measured is not the registered provider.',
    },
    unknown: {
      ar: 'أيام الرصد لدى المزود المسجل غير كافية بعد.',
      en: 'Not seen at the registered provider for long enough yet.',
    },
  },
  source_silent: {
    name: { ar: 'توقف الخادم القديم', en: 'Old host silent' },
    pass: {
      ar: 'لا قياسات من الموضع القديم، أو لم يكن له موضع قديم.',
      en: 'The old place is silent, or there never was one.',
    },
    fail: {
      ar: 'الخادم القديم ما زال يعمل بعد النقل.',
      en: 'The old host still reports after the move.',
    },
    unknown: {
      ar: 'أيام التوقف غير كافية بعد، أو لم يُسجل الموضع القديم.',
      en: 'Not silent for long enough yet, or the old place is not registered.',
    },
  },
  provider_approved: {
    name: { ar: 'اعتماد المزود', en: 'Provider approved' },
    pass: { ar: 'المزود في قائمة المعتمدين.', en: 'The provider is on the approved list.' },
    fail: {
      ar: 'المزود ليس في قائمة المعتمدين.',
      en: 'The provider is not on the approved list.',
    },
    unknown: {
      ar: 'لم تُضبط قائمة المزودين المعتمدين بعد.',
      en: 'The policy has no list of approved providers yet.',
    },
  },
  location_allowed: {
    name: { ar: 'موقع البيانات', en: 'Location of the data' },
    pass: {
      ar: 'البلد مسموح به لتصنيف البيانات.',
      en: 'The country is allowed for the data class.',
    },
    fail: {
      ar: 'البلد غير مسموح به لتصنيف البيانات.',
      en: 'The country is not allowed for the data class.',
    },
    unknown: {
      ar: 'البلد أو تصنيف البيانات غير معلوم.',
      en: 'The country or the data class is not known.',
    },
  },
  continuity_kept: {
    name: { ar: 'استمرار العمل بعد النقل', en: 'Continuity kept' },
    pass: {
      ar: 'لم تنخفض نسبة استمرار العمل بعد النقل، أو تحقق مستهدفها.',
      en: 'Continuity after the move is not below before it, or meets its target.',
    },
    fail: {
      ar: 'انخفضت نسبة استمرار العمل بعد النقل، ولم يتحقق مستهدفها.',
      en: 'Continuity after the move is below before it, and misses its target.',
    },
    unknown: {
      ar: 'أيام قياس استمرار العمل بعد النقل غير كافية بعد.',
      en: 'Continuity after the move is not measured for long enough yet.',
    },
  },
}

export const proofStatusTexts: Readonly<Record<Proof['status'], Text>> = {
  pass: { ar: 'مثبت', en: 'Proven' },
  fail: { ar: 'مخالف', en: 'Fails' },
  unknown: { ar: 'لم يثبت بعد', en: 'Not proven yet' },
}

export const migrationFindingTexts: Readonly<Record<MigrationFindingKind, Text>> = {
  moved_by_word_only: {
    ar: 'مسجل أنه نُقل، والمقيس أنه ما زال في موضعه القديم',
    en: 'Registered as moved, measured where it was',
  },
  retired_but_reporting: {
    ar: 'مسجل أنه خارج الخدمة، وما زال يعمل',
    en: 'Registered as retired, still running',
  },
  source_still_reporting: {
    ar: 'الخادم القديم ما زال يعمل بعد النقل',
    en: 'The old host still runs after the move',
  },
  target_silent: {
    ar: 'لا قياسات من البيئة المستهدفة بعد النقل',
    en: 'Nothing is heard of the target after the move',
  },
  provider_differs: {
    ar: 'المزود المقيس غير المزود المسجل',
    en: 'Measured at another provider than registered',
  },
  provider_not_approved: {
    ar: 'المزود ليس في قائمة المعتمدين',
    en: 'The provider is not approved',
  },
  location_not_allowed: {
    ar: 'البلد غير مسموح به لتصنيف البيانات',
    en: 'The country is not allowed for the data class',
  },
  continuity_fell: {
    ar: 'نسبة استمرار العمل انخفضت بعد النقل',
    en: 'Continuity fell after the move',
  },
  moved_not_declared: {
    ar: 'مقيس في السحابة، ولم يُسجل نقله',
    en: 'Measured in the cloud, not registered as moved',
  },
  environment_without_workload: {
    ar: 'بيئة استضافة لا نظام مسجلًا عليها',
    en: 'A hosting environment that no workload names',
  },
}

export const complianceTexts: Readonly<Record<WorkloadCompliance['status'], Text>> = {
  compliant: { ar: 'ملتزم', en: 'Compliant' },
  breach: { ar: 'مخالف', en: 'Breach' },
  unknown: { ar: 'لا يمكن الجزم', en: 'Undetermined' },
  exempt: { ar: 'معفى', en: 'Exempt' },
}

export const complianceReasonTexts: Readonly<Record<ComplianceReason, Text>> = {
  measured_in_approved_cloud: {
    ar: 'مقيس لدى مزود معتمد',
    en: 'measured at an approved provider',
  },
  retired: { ar: 'خارج الخدمة', en: 'retired' },
  exemption_expired: { ar: 'انتهى الإعفاء', en: 'the exemption has expired' },
  new_on_premises: {
    ar: 'جديد في مقر المؤسسة بعد تاريخ التعميم',
    en: 'new on own premises after the circular',
  },
  provider_not_approved: { ar: 'المزود غير معتمد', en: 'the provider is not approved' },
  location_not_allowed: { ar: 'البلد غير مسموح به', en: 'the country is not allowed' },
  overdue: { ar: 'تجاوز موعد خارطة الطريق', en: 'past the date of the roadmap' },
  not_moved_yet: { ar: 'لم يُنقل بعد', en: 'not moved yet' },
  no_evidence: { ar: 'لا شواهد قياس بعد', en: 'no evidence yet' },
  no_policy: { ar: 'لم تُضبط سياسة الاستضافة بعد', en: 'no hosting policy is set yet' },
  exempt: { ar: 'إعفاء ساري المفعول', en: 'an exemption is in force' },
}

export const moveReadinessTexts: Readonly<Record<MoveReadiness['rating'], Text>> = {
  ready: { ar: 'جاهز للنقل', en: 'Ready to move' },
  conditional: { ar: 'جاهز بشروط', en: 'Conditional' },
  not_ready: { ar: 'غير جاهز', en: 'Not ready' },
  unknown: { ar: 'لا يمكن الجزم', en: 'Undetermined' },
  not_rated: { ar: 'بلا تقدير: لا قياس', en: 'Not rated: not measured' },
}

/** What holds a workload back, said as the thing to put right. */
export const dataPointTexts: Readonly<Record<DataPoint['id'], Text>> = {
  os_supported: { ar: 'نظام التشغيل خارج الدعم', en: 'operating system out of support' },
  platform_known: { ar: 'نوع المنصة غير معلوم', en: 'platform not known' },
  load_known: { ar: 'الحمل غير معلوم', en: 'load not known' },
  backup_recent: { ar: 'لا نسخة احتياطية حديثة', en: 'no recent backup' },
  updates_known: { ar: 'حال التحديثات غير معلوم', en: 'state of updates not known' },
}

export const waveStatusTexts: Readonly<Record<Wave['status'], Text>> = {
  finished: { ar: 'منجزة', en: 'Finished' },
  on_time: { ar: 'بحسب الخطة', en: 'On time' },
  late: { ar: 'متأخرة', en: 'Late' },
  blocked: { ar: 'متعثرة', en: 'Blocked' },
  not_planned: { ar: 'بلا مواعيد', en: 'Not planned' },
}

export const forecastTexts: Readonly<Record<Forecast['status'], Text>> = {
  finished: { ar: 'اكتمل الانتقال', en: 'The migration is finished' },
  forecast: { ar: 'الاكتمال المتوقع', en: 'Expected to finish' },
  not_started: { ar: 'لم يبدأ زمن الخطة بعد', en: 'The plan has not begun yet' },
  no_progress: {
    ar: 'لا موعد متوقعًا: لا تقدم مثبتًا بعد',
    en: 'No date can be expected: nothing is proven yet',
  },
}

export const discoveredTexts: Readonly<Record<Discovered['as'], Text>> = {
  source: { ar: 'في مقر المؤسسة: ينبغي نقله', en: 'On own premises: to be moved' },
  target: { ar: 'في السحابة: يُسجل بيئةً مستهدفة', en: 'In the cloud: register it as a target' },
}
