import type { Text } from '../../language.ts'

/** What `istimrar-agent help` and each command's own help say of commands. */
export const aboutTexts = {
  init: {
    ar: 'معاينة هذا الجهاز واقتراح ملف `agent.yaml` بفحوص تعمل عليه الآن.',
    en: 'Look at this machine and write an `agent.yaml` of checks that work here now.',
  },
  enrol: {
    ar: 'الانضمام: إنشاء مفتاح على هذا الجهاز وتسجيله برمز تسجيل.',
    en: 'Join: make a key on this host and register it with a token.',
  },
  run: {
    ar: 'الرصد والإبلاغ حتى الإيقاف (`SIGTERM` أو `Ctrl-C`).',
    en: 'Watch and report until stopped (`SIGTERM`, `Ctrl-C`).',
  },
  status: {
    ar: 'عرض هوية برنامج الرصد وآخر ما رصده وما ينتظر الإرسال.',
    en: 'Show who this agent is, what it saw last and what waits to be sent.',
  },
  doctor: {
    ar: 'البحث عن سبب كل عطل، مع علاج واحد لكل منها.',
    en: 'Find what is wrong, with one remedy for each fault.',
  },
  check: {
    ar: 'إجراء فحص واحد الآن وعرض ما كان سيُبلَّغ به.',
    en: 'Look at one check now and print what would be reported.',
  },
  configCheck: {
    ar: 'التحقق من ملف `agent.yaml` وعرض ما سيُرصد.',
    en: 'Check an `agent.yaml` and print what would be watched.',
  },
  showNextBatch: {
    ar: 'عرض ما سيغادر هذا الجهاز تاليًا كما هو تمامًا.',
    en: 'Print exactly what leaves this host next.',
  },
  sent: {
    ar: 'عرض ما غادر هذا الجهاز.',
    en: 'Print what has left this host.',
  },
  receipts: {
    ar: 'عرض إيصالات الاستلام المحفوظة هنا، كل إيصال في سطر، والأقدم أولًا.',
    en: 'Print every receipt kept here, one a line, the oldest first.',
  },
  rotateKey: {
    ar: 'إنشاء مفتاح جديد يحل محل المفتاح المستخدم.',
    en: 'Make a new key, which takes over from the one in use.',
  },
  rejoin: {
    ar: 'بعد الإيقاف الاحترازي: طلب المتابعة بمفتاح جديد.',
    en: 'After a quarantine: ask to go on, with a new key.',
  },
  uninstall: {
    ar: 'إزالة كل ما يحفظه برنامج الرصد على هذا الجهاز.',
    en: 'Remove all that the agent keeps on this host.',
  },
  facts: {
    ar: 'قياس بيانات الجاهزية الآن وعرضها.',
    en: 'Measure the readiness facts now and print them.',
  },
  selftest: {
    ar: 'إثبات أن برنامج الرصد يعمل على هذا الجهاز.',
    en: 'Prove that the agent works on this host.',
  },
  freeze: {
    ar: 'عرض ملف `agent.yaml` بعد التحقق منه بصيغة `JSON`.',
    en: 'Print `agent.yaml` as checked `JSON`.',
  },
} as const satisfies Record<string, Text>

export const helpTexts = {
  overview: {
    ar: 'برنامج الرصد في منظومة استمرار {version}: يرصد هذا الجهاز ويبلّغ المنصة المركزية للرصد.',
    en: 'Istimrar agent {version}: watches this host and reports to the collector.',
  },
  more: {
    ar: `المزيد عن أمر: \`istimrar-agent COMMAND --help\`؛ الإصدار: \`istimrar-agent --version\`.
لاختيار اللغة: \`--lang ar\` أو \`--lang en\` في أي موضع من الأمر، وإلا فلغة النظام.`,
    en: `More: \`istimrar-agent COMMAND --help\`; version: \`istimrar-agent --version\`.
\`--lang ar\` or \`--lang en\` anywhere chooses the language; else it is that of the system.`,
  },
  exitCodes: {
    ar: `رموز الخروج: 0 تم، و1 تعذر أو وُجد عطل، و2 خطأ في كتابة الأمر أو في ملف، و3 لا عطل هنا
ويلزم تدخل مسؤول المنصة أولًا.`,
    en: `Exit codes: 0 done, 1 failed or a fault was found, 2 wrong command line or a bad file,
3 nothing is wrong here but an administrator has to act first.`,
  },
  usual: { ar: 'القيمة المعتادة: {value}.', en: 'Default: {value}.' },
  usage: { ar: 'الاستخدام: {usage}', en: 'Use: {usage}' },
  options: { ar: '[الخيارات]', en: '[options]' },
  noCommand: {
    ar: 'لا يوجد أمر باسم {name}. لعرض الأوامر: `istimrar-agent help`',
    en: 'There is no command "{name}". Try: `istimrar-agent help`',
  },
} as const satisfies Record<string, Text>
