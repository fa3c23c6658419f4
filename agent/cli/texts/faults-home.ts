import type { Text } from '../../language.ts'

/** What may be wrong on this host, and the one thing to do about it. */
export const homeFaults = {
  config_missing: {
    what: { ar: 'تعذرت قراءة {file} ({why})', en: 'cannot read {file}: {why}' },
    remedy: {
      ar: 'نفّذ `istimrar-agent init --collector URL`، أو حدد الملف بالخيار `--config`',
      en: 'run `istimrar-agent init --collector URL`, or name the file by `--config`',
    },
  },
  config_wrong: {
    what: { ar: 'في {file} أخطاء، عددها {count}', en: '{file} has problems: {count}' },
    remedy: {
      ar: 'صحح ما يذكره `istimrar-agent config check`',
      en: 'correct what `istimrar-agent config check` names',
    },
  },
  authorities_wrong: {
    what: { ar: 'ملف سلطات التوثيق غير صالح: {problem}', en: 'authorities: {problem}' },
    remedy: {
      ar: 'ضع في الملف الذي يسميه `authorities` شهادات بصيغة `PEM`',
      en: 'put certificates in `PEM` form into the file that `authorities` names',
    },
  },
  folder_closed: {
    what: { ar: 'لا يستطيع هذا المستخدم الكتابة في {dir}', en: 'this user cannot write to {dir}' },
    remedy: {
      ar: 'نفّذ الأمر بمستخدم برنامج الرصد، أو امنحه المجلد بالأمر `chown`',
      en: "run it as the agent's user, or give that user the folder by `chown`",
    },
  },
  folder_open: {
    what: { ar: 'يستطيع غير صاحبه دخول المجلد {dir}', en: 'others than its owner can enter {dir}' },
    remedy: { ar: 'نفّذ `chmod 700 {dir}`', en: 'run `chmod 700 {dir}`' },
  },
  folder_full: {
    what: {
      ar: 'المتاح في {dir} قليل: {mebibytes} ميبيبايت',
      en: 'there is little room for {dir}: {mebibytes} MiB',
    },
    remedy: { ar: 'وفّر 300 ميبيبايت على الأقل', en: 'make room for 300 MiB at least' },
  },
  not_enrolled: {
    what: { ar: 'لا برنامج رصد منضم في {dir}', en: 'no agent is enrolled in {dir}' },
    remedy: {
      ar: 'اطلب رمز تسجيل ثم نفّذ: `istimrar-agent enrol --token-file FILE`',
      en: 'ask for a token, then: `istimrar-agent enrol --token-file FILE`',
    },
  },
  identity_broken: {
    what: { ar: 'تعذر فهم ملف الهوية في {dir}', en: 'the identity in {dir} cannot be read' },
    remedy: {
      ar: 'استعد `identity.json` من نسخة احتياطية، أو انضم من جديد برمز تسجيل جديد',
      en: 'restore `identity.json` from a backup, or enrol anew with a new token',
    },
  },
  key_missing: {
    what: { ar: 'المفتاح {file} مفقود', en: 'the key {file} is missing' },
    remedy: {
      ar: 'انضم من جديد برمز تسجيل جديد في مجلد جديد',
      en: 'enrol anew with a new token, in a new folder',
    },
  },
  key_closed: {
    what: { ar: 'لا يستطيع هذا المستخدم قراءة {file}', en: 'this user cannot read {file}' },
    remedy: {
      ar: 'نفّذ الأمر بمستخدم برنامج الرصد، أو امنحه الملف بالأمر `chown`',
      en: "run it as the agent's user, or give that user the file by `chown`",
    },
  },
  key_open: {
    what: {
      ar: 'يستطيع غير صاحبه قراءة المفتاح {file}',
      en: 'others than its owner can read the key {file}',
    },
    remedy: {
      ar: 'نفّذ `chmod 600 {file}` ثم `istimrar-agent rotate-key`',
      en: 'run `chmod 600 {file}`, then `istimrar-agent rotate-key`',
    },
  },
  key_broken: {
    what: { ar: 'لا مفتاح صالحًا في {file}', en: '{file} holds no key' },
    remedy: {
      ar: 'انضم من جديد برمز تسجيل جديد في مجلد جديد',
      en: 'enrol anew with a new token, in a new folder',
    },
  },
  spool_damaged: {
    what: { ar: 'مخزن الرسائل في {dir} تالف', en: 'the spool in {dir} is damaged' },
    remedy: {
      ar: 'تحقق من سلامة القرص، ثم أعد تشغيل برنامج الرصد: ينحّي التالف ويعلن ما فُقد',
      en: 'check the disk, then restart the agent: it puts this one aside and declares the loss',
    },
  },
  spool_newer: {
    what: {
      ar: 'كتب إصدار أحدث مخزن الرسائل في {dir}',
      en: 'a newer version wrote the spool in {dir}',
    },
    remedy: { ar: 'ركّب الإصدار الأحدث من جديد', en: 'install the newer version again' },
  },
  quarantined: {
    what: {
      ar: 'برنامج الرصد موقوف احترازيًا: أبلغت نسخة أخرى منه',
      en: 'the agent is quarantined: another copy of it reported',
    },
    remedy: {
      ar: 'أوقف النسخة الأخرى وبرنامج الرصد هذا، ثم نفّذ: `istimrar-agent rejoin`',
      en: 'stop the other copy and this agent, then: `istimrar-agent rejoin`',
    },
  },
  facts_failed: {
    what: { ar: 'تعذر قياس بيانات الجاهزية', en: 'the readiness facts cannot be measured' },
    remedy: {
      ar: 'نفّذ `istimrar-agent facts` واقرأ ما يقوله',
      en: 'run `istimrar-agent facts` and read what it says',
    },
  },
  check_program: {
    what: {
      ar: 'الفحص {check}: لا يستطيع هذا المستخدم تشغيل {path} ({why})',
      en: 'check {check}: this user cannot run {path} ({why})',
    },
    remedy: {
      ar: 'امنح مستخدم برنامج الرصد إذن قراءته وتشغيله، أو صحح `command`',
      en: "let the agent's user read and run it, or correct `command`",
    },
  },
  check_path: {
    what: {
      ar: 'الفحص {check}: لا يستطيع هذا المستخدم قراءة {path} ({why})',
      en: 'check {check}: this user cannot read {path} ({why})',
    },
    remedy: {
      ar: 'امنح مستخدم برنامج الرصد إذن قراءته، أو صحح المسار',
      en: "let the agent's user read it, or correct the path",
    },
  },
  check_ping: {
    what: {
      ar: 'الفحص {check}: البرنامج `ping` غير مركّب',
      en: 'check {check}: the program `ping` is missing',
    },
    remedy: {
      ar: 'ركّبه (`iputils-ping` أو `iputils`)',
      en: 'install it (`iputils-ping` or `iputils`)',
    },
  },
} as const satisfies Record<string, { what: Text; remedy: Text }>
