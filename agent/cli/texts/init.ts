import type { Text } from '../../language.ts'

/** Of `init`, and the comments in the file it writes. */
export const initTexts = {
  collector: { ar: 'عنوان المنصة المركزية للرصد.', en: 'Where to report.' },
  name: {
    ar: 'اسم برنامج الرصد هذا؛ وإلا فاسم الجهاز.',
    en: "Name of this agent; else the host's.",
  },
  class: {
    ar: 'فئة بيئة الاستضافة: `public` أو `internal` أو `link`، ليفي الملف بالحد الأدنى لفحوصها.',
    en: 'Class of the environment: `public`, `internal` or `link`; meets its minimum of checks.',
  },
  interval: { ar: 'الثواني بين فحص وآخر.', en: 'Time between looks.' },
  excludePorts: { ar: 'منافذ لا تُفحص.', en: 'Ports that are not to be checked.' },
  where: { ar: 'موضع كتابة الملف.', en: 'Where to write.' },
  force: { ar: 'استبدال الملف إن وُجد.', en: 'Replace the file if it exists.' },
  stdout: { ar: 'عرض النص دون كتابة شيء.', en: 'Print the text and write nothing.' },
  details: {
    ar: 'لا يتصل إلا بهذا الجهاز وبخادم أسمائه، ولا يرسل شيئًا إلى غيرهما.',
    en: 'Connects to this machine and its own name server only, and sends nothing elsewhere.',
  },
  exists: {
    ar: 'الملف {file} موجود من قبل، ويستبدله `--force`.',
    en: '{file} exists already. `--force` replaces it.',
  },
  badPorts: {
    ar: 'قيمة `--exclude-ports` أرقام منافذ مثل `8080,9090`',
    en: '`--exclude-ports` must be port numbers, such as `8080,9090`',
  },
  badClass: {
    ar: 'قيمة `--class` هي `public` أو `internal` أو `link`',
    en: '`--class` must be `public`, `internal` or `link`',
  },
  cannotWrite: { ar: 'تعذرت كتابة {file} ({why}).', en: 'Cannot write {file}: {why}' },
  found: { ar: 'وُجد على هذا الجهاز:', en: 'Found on this machine:' },
  written: {
    ar: 'كُتب في {file}. غيّره كما تراه، ثم نفّذ: `istimrar-agent enrol`',
    en: 'Written to {file}. Change it as you see fit, then: `istimrar-agent enrol`',
  },
  meets: {
    ar: 'يفي الملف بالحد الأدنى لفحوص الفئة {name}.',
    en: 'It meets the minimum of checks for the class {name}.',
  },
  short: {
    ar: `لا يفي الملف بعد بالحد الأدنى لفحوص الفئة {name}، وتبقى البيئة غير مقيَّمة:
يلزم فحص من نوع {kinds}. أكمل الجزء المعلَّق في آخر الملف.`,
    en: `It does not meet the minimum of checks for the class {name} yet, and the environment stays
not assessed: a check of kind {kinds} is missing. Fill in the comment at the end of the file.`,
  },
  or: { ar: '{first} أو {second}', en: '{first} or {second}' },

  preamble: {
    ar: `ما يرصده برنامج الرصد هذا. اقترحه الأمر \`istimrar-agent init\`، فغيّره كما تراه.
لا يغادر الجهاز من الفحص إلا اسمه ونوعه ودوريته وعنوانه المعروض، لا عنوان شبكة ولا مسار.`,
    en: `What this agent watches. Proposed by \`istimrar-agent init\`; change it as you see fit.
Only name, kind, interval and label of a check leave this machine, no address, no path.`,
  },
  fillIn: {
    ar: 'يلزم الفئة {name} فحص آخر مثل هذا: أكمله واحذف العلامة `#` من أول أسطره.',
    en: 'The class {name} needs one more check such as this: fill it in and take away the `#`.',
  },
  itself: { ar: 'هذا الجهاز', en: 'This machine' },
  memory: { ar: 'ذاكرته', en: 'Its memory' },
  processors: { ar: 'معالجاته', en: 'Its processors' },
  clock: {
    ar: 'ساعته، بالمقارنة مع خادمها الزمني',
    en: 'Its clock, against its own time server',
  },
  noTimeServer: {
    ar: 'ساعته: تُركت لأنه لم يوجد خادم زمني (NTP)؛ حدد واحدًا',
    en: 'Its clock: left out because no NTP server was found; name one',
  },
  unit: { ar: 'الخدمة {name}', en: 'The service {name}' },
  unitByHand: {
    ar: 'الخدمة {name}: تعمل، لكنها لا تبدأ مع الجهاز',
    en: 'The service {name}: it runs, but does not start with the machine',
  },
  backupExample: {
    ar: 'مثال: المجلد الذي تصل إليه نسخه الاحتياطية، والعمر المسموح لآخرها',
    en: 'An example: the folder where its backups arrive, and how old the last may be',
  },
  disk: { ar: '{type} على {path}', en: '{type} on {path}' },
  nameServer: { ar: 'خادم أسمائه', en: 'Its own name server' },
  nameServerOnly: {
    ar: 'خادم أسمائه: لا يعرف أسماء محلية، فالمهم أن يجيب',
    en: 'Its own name server: it knows no local names, so only whether it answers counts',
  },
  nameServerSilent: {
    ar: 'خادم أسمائه: تُرك لأنه لا يجيب الآن ({outcomes})',
    en: 'Its own name server: left out because it does not answer now ({outcomes})',
  },
  listens: { ar: 'خدمة على المنفذ {port}', en: 'Something listens on port {port}' },
  passing: {
    ar: '{comment}؛ يعطي النظام هذا المنفذ لمن يطلب، فقد يزول قريبًا',
    en: '{comment}; the system gives this port to whoever asks, so it may go soon',
  },
  certificate: { ar: 'شهادة على المنفذ {port}', en: 'Certificate on port {port}' },
  ownIssuer: {
    ar: '{comment}؛ لم تصدرها سلطة توثيق معروفة',
    en: '{comment}; its issuer is not a known authority',
  },
  nowWrong: { ar: '{comment}؛ وحالها الآن {reason}', en: '{comment}; now {reason}' },
  page: {
    ar: 'صفحة على المنفذ {port} تجيب الآن بالرمز {status}',
    en: 'Page on port {port}, which answers {status} now',
  },
} as const satisfies Record<string, Text>
