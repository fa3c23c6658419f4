import type { Indicator, indicators, MissingReason } from '../../../protocol/indicators.ts'
import type { Text } from '../../language.ts'

/** What each indicator of readiness says of this host. */
export const indicatorTexts: Readonly<Record<Indicator, Text>> = {
  'agent.version': { ar: 'إصدار برنامج الرصد', en: 'Version of the agent' },
  'automation.managed': { ar: 'إدارة الإعدادات آليًا', en: 'Managed by automation' },
  'backup.age_seconds': { ar: 'عمر آخر نسخة احتياطية ناجحة', en: 'Age of last good backup' },
  'backup.second_site': { ar: 'نسخة احتياطية في موقع آخر', en: 'Backup at a second site' },
  'backup.restore_age_days': { ar: 'مدة آخر تجربة استعادة', en: 'Since the last restore test' },
  'clock.offset_seconds': { ar: 'انحراف الساعة', en: 'Clock offset' },
  'cpu.used_p95_ratio': { ar: 'استخدام المعالج (المئين 95)', en: 'Processor used (p95)' },
  'disk.days_to_full': { ar: 'الأيام حتى امتلاء القرص', en: 'Days until a disk is full' },
  'disk.free_ratio': { ar: 'المساحة المتاحة في الأقراص', en: 'Free space on disks' },
  'disk.healthy': { ar: 'سلامة الأقراص', en: 'Disks healthy' },
  'dns.dmarc_enforced_ratio': {
    ar: 'نطاقات تحمي بريدها من الانتحال (DMARC)',
    en: 'Domains that enforce DMARC',
  },
  'dns.dnssec_signed_ratio': {
    ar: 'نطاقات موقَّعة رقميًا (DNSSEC)',
    en: 'Domains signed with DNSSEC',
  },
  'endpoint_protection.on': { ar: 'الحماية من البرامج الضارة', en: 'Endpoint protection on' },
  'endpoint_protection.signatures_age_days': {
    ar: 'عمر تعريفات البرامج الضارة',
    en: 'Age of malware signatures',
  },
  'firewall.on': { ar: 'جدار الحماية', en: 'Firewall on' },
  'hardening.access_control': {
    ar: 'التحكم الإلزامي في الوصول',
    en: 'Mandatory access control',
  },
  'hardening.disk_encrypted': { ar: 'تشفير الأقراص', en: 'Disks encrypted' },
  'hardening.secure_boot': { ar: 'الإقلاع الآمن', en: 'Secure boot' },
  'host.shutdown': { ar: 'آخر إيقاف منظم للجهاز', en: 'Last orderly shutdown' },
  'host.unplanned_reboots': {
    ar: 'مرات إعادة التشغيل غير المخطط لها',
    en: 'Unplanned reboots',
  },
  'ipv6.reachable_ratio': {
    ar: 'خدمات تعمل على الإصدار السادس من بروتوكول الإنترنت',
    en: 'Services reachable over IPv6',
  },
  'memory.used_p95_ratio': { ar: 'استخدام الذاكرة (المئين 95)', en: 'Memory used (p95)' },
  'os.name': { ar: 'نظام التشغيل', en: 'Operating system' },
  'os.support_left_days': {
    ar: 'المتبقي من دعم نظام التشغيل',
    en: 'Support left for the operating system',
  },
  'platform.age_years': { ar: 'عمر الجهاز', en: 'Age of the machine' },
  'platform.cloud': { ar: 'مزود السحابة', en: 'Cloud provider' },
  'platform.cloud_region': { ar: 'منطقة السحابة', en: 'Cloud region' },
  'platform.virtualisation': { ar: 'الافتراضية', en: 'Virtualisation' },
  'tls.days_left': { ar: 'المتبقي من صلاحية الشهادات', en: 'Days left on certificates' },
  'tls.modern_only': {
    ar: 'الاتصال الآمن بالإصدارات الحديثة فقط',
    en: 'Only modern TLS versions',
  },
  'updates.security_oldest_days': {
    ar: 'عمر أقدم تحديث أمني لم يُثبَّت',
    en: 'Oldest pending security update',
  },
  'updates.security_pending': {
    ar: 'التحديثات الأمنية التي لم تُثبَّت',
    en: 'Pending security updates',
  },
  'ups.runtime_minutes': {
    ar: 'مدة عمل وحدة الطاقة غير المنقطعة',
    en: 'Runtime of the uninterruptible power supply',
  },
}

/** Of the command `facts`. */
export const factsTexts = {
  json: { ar: 'عرضها بصيغة `JSON`.', en: 'Print `JSON`.' },
  keep: {
    ar: 'حفظ ما تحتاج إليه المرات التالية في `--dir`؛ يطلبه برنامج الرصد العامل.',
    en: 'Remember in `--dir` what later runs need; the running agent asks for it.',
  },
  details: {
    ar: `لا يُرسل شيء. ما يتعذر قياسه يُذكر سببه، وإن كان إذن واحد يكفي لقياسه سُمّي.
ما يذكره \`agent.yaml\` في \`facts.exclude\` لا يُقاس.
رمز الخروج 0 أيًا كانت القيم، و2 إذا كان الملف غير صالح.`,
    en: `Nothing is sent. What cannot be measured says why; where one permission would change that,
it is named. What \`agent.yaml\` lists under \`facts.exclude\` is not measured.
Exit 0 whatever the values, 2 when that file is not right.`,
  },
  notApplicable: { ar: 'لا ينطبق ({reason})', en: 'does not apply ({reason})' },
  cannotMeasure: { ar: 'تعذر القياس ({reason})', en: 'cannot be measured ({reason})' },
  permission: { ar: 'يلزم الإذن: {permission}', en: 'would need: {permission}' },
} as const satisfies Record<string, Text>

/** Why an indicator has no value here. */
export const missingTexts: Readonly<Record<MissingReason, Text>> = {
  virtual_machine: { ar: 'جهاز افتراضي', en: 'a virtual machine' },
  in_cloud: { ar: 'في السحابة', en: 'in a cloud' },
  no_such_hardware: { ar: 'لا يوجد هذا المكوّن هنا', en: 'there is no such hardware here' },
  no_public_service: { ar: 'لا خدمة عامة هنا', en: 'there is no public service here' },
  no_backup_declared: {
    ar: 'لا فحص للنسخ الاحتياطي في الملف',
    en: 'no backup check is declared',
  },
  no_permission: { ar: 'ينقص الإذن', en: 'a permission is missing' },
  no_tool: { ar: 'ينقص البرنامج اللازم للقياس', en: 'the program that could tell is missing' },
  no_check: { ar: 'لا فحص في الملف يُقاس به', en: 'no check is declared that could tell' },
  no_network: { ar: 'تعذر الاتصال بالشبكة', en: 'the network could not be reached' },
  not_supported: { ar: 'غير مدعوم على هذا النظام', en: 'not supported on this system' },
  not_known: { ar: 'غير معروف', en: 'not known' },
  too_early: { ar: 'لم تمض مدة كافية بعد', en: 'not enough time has passed yet' },
  unreadable: { ar: 'تعذر فهم الجواب', en: 'the answer could not be read' },
  timed_out: { ar: 'انتهت مهلة القياس', en: 'it took too long' },
}

/** A value with its unit; how a text or an instant is shown is its reader's matter. */
export const unitTexts = {
  boolean: { ar: '{value}', en: '{value}' },
  count: { ar: '{value}', en: '{value}' },
  text: { ar: '{value}', en: '{value}' },
  epoch_milliseconds: { ar: '{value}', en: '{value}' },
  seconds: { ar: '{value} ث', en: '{value} s' },
  minutes: { ar: '{value} د', en: '{value} min' },
  days: { ar: '{value} ي', en: '{value} days' },
  years: { ar: '{value} سنة', en: '{value} years' },
  ratio: { ar: '{value}%', en: '{value} %' },
} as const satisfies Record<(typeof indicators)[Indicator], Text>

/** Values that are words of ours and no names. */
export const wordTexts: Readonly<Partial<Record<string, Text>>> = {
  none: { ar: 'لا يوجد', en: 'none' },
  physical: { ar: 'جهاز فعلي', en: 'physical' },
  container: { ar: 'حاوية', en: 'container' },
}

export const booleanTexts = {
  yes: { ar: 'نعم', en: 'yes' },
  no: { ar: 'لا', en: 'no' },
} as const satisfies Record<string, Text>
