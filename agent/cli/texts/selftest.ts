import type { Text } from '../../language.ts'

/** Of `istimrar-agent selftest`. */
export const selftestTexts = {
  details: {
    ar: `يشغّل خوادم على هذا الجهاز نفسه ويجري عليها كل نوع من الفحوص، ويقيس بيانات الجاهزية،
ويتحقق من حفظ الشواهد والمفتاح ومن رفض اتصال غير مأمون. لا يُرسل شيء ولا يُغيَّر شيء.
رمز الخروج 0 إذا لم يفشل شيء، و1 إذا فشل شيء.`,
    en: `Opens servers on this host itself and tries every kind of check on them, measures the
readiness facts, tries what keeps evidence and key, and that an unsafe connection is refused.
Nothing is sent and nothing is changed. Exit 0 when nothing failed, else 1.`,
  },
  json: { ar: 'عرض النتيجة بصيغة `JSON`.', en: 'Print `JSON`.' },
  pass: { ar: 'ناجح', en: 'pass' },
  fail: { ar: 'فاشل', en: 'fail' },
  not_applicable: { ar: 'لا ينطبق', en: 'not applicable' },
  head: {
    ar: 'برنامج الرصد {version} على {system} (`Node.js {runtime}`)',
    en: 'Agent {version} on {system} (`Node.js {runtime}`)',
  },
  sum: {
    ar: 'ناجح: {passed}، فاشل: {failed}، لا ينطبق: {rest}',
    en: '{passed} passed, {failed} failed, {rest} not applicable',
  },
  probe: { ar: 'الفحص يرى ما يجب أن يراه: {states}', en: 'sees what it must see: {states}' },
  probeWrong: {
    ar: 'المتوقع {expected}، والمرصود {found}',
    en: 'it should have seen {expected}, and saw {found}',
  },
  threw: { ar: 'تعذر ذلك: {why}', en: 'it could not be tried: {why}' },
  noSystemd: {
    ar: 'لا يدير `systemd` الخدمات على هذا الجهاز',
    en: '`systemd` does not manage the services of this host',
  },
  noPing: { ar: 'لا يوجد `ping` على هذا الجهاز', en: 'this host has no `ping`' },
  facts: {
    ar: 'قيس {measured}، ولا ينطبق {notApplicable}، وتعذر قياس {missing} ({seconds} ث)',
    en: '{measured} measured, {notApplicable} do not apply, {missing} cannot be ({seconds} s)',
  },
  factsFailed: {
    ar: 'تعذرت قراءة بيانات أو انتهت مهلتها: {names}',
    en: 'could not be read, or not in time: {names}',
  },
  report: {
    ar: 'أجاب `PowerShell` عن كل الأقسام ({seconds} ث)',
    en: '`PowerShell` answered every section ({seconds} s)',
  },
  reportPartly: {
    ar: 'أجاب `PowerShell`؛ أقسام بلا جواب: {names}',
    en: '`PowerShell` answered; sections without an answer: {names}',
  },
  reportFailed: {
    ar: 'أقسام أخفقت أو تعذرت قراءتها: {names}',
    en: 'sections that failed or cannot be read: {names}',
  },
  noReport: {
    ar: 'لم يأت من `PowerShell` تقرير: {why}',
    en: '`PowerShell` gave no report: {why}',
  },
  onlyWindows: { ar: 'على `Windows` فقط', en: 'on `Windows` only' },
  keyGuarded: {
    ar: 'لا يقرأ المفتاح إلا مالكه ومدير النظام',
    en: 'only its owner and the administrator can read the key',
  },
  keyOpen: {
    ar: 'يستطيع آخرون قراءة المفتاح {file}: {who}',
    en: 'others can read the key {file}: {who}',
  },
  noKey: { ar: 'لم ينضم هذا الجهاز بعد', en: 'this host has not joined yet' },
  spool: {
    ar: 'حُفظت رسالة ووُجدت كما هي بعد الإغلاق، ومُنع مستخدم ثانٍ ({ms} م.ث)',
    en: 'a message was kept and found whole after closing, a second user was kept out ({ms} ms)',
  },
  spoolLost: { ar: 'لم يوجد ما حُفظ كما هو', en: 'what was kept was not found whole' },
  spoolShared: {
    ar: 'فتح المجلد مستخدمان في الوقت نفسه',
    en: 'two could use the folder at the same time',
  },
  clocks: {
    ar: 'يعدّ الجهاز الوقت منذ بدء تشغيله، والساعتان متفقتان؛ {boot}',
    en: 'time since the boot is counted and the clocks agree; {boot}',
  },
  bootNamed: { ar: 'يسمي النظام كل بدء تشغيل', en: 'the kernel names each boot' },
  bootGuessed: { ar: 'يُعرف بدء التشغيل من وقته', en: 'a boot is known by its time' },
  clocksApart: {
    ar: 'مضى {running} م.ث، وعدّت ساعة التشغيل {boot}',
    en: '{running} ms went by, and the clock of the boot counted {boot}',
  },
  clockUnset: {
    ar: 'ساعة الجهاز غير مضبوطة: {date}',
    en: 'the clock of this host is not set: {date}',
  },
  refused: { ar: 'رُفض الاتصال ({code})', en: 'the connection was refused ({code})' },
  accepted: {
    ar: 'قُبل اتصال يجب رفضه',
    en: 'a connection was accepted that must be refused',
  },
  noOldProtocol: {
    ar: 'لا يستطيع هذا الجهاز استخدام بروتوكول قديم أصلًا',
    en: 'this host cannot speak an old protocol at all',
  },
  wrongRefusal: {
    ar: 'رُفض الاتصال لسبب آخر ({code})',
    en: 'the connection was refused for another reason ({code})',
  },
} as const satisfies Record<string, Text>
