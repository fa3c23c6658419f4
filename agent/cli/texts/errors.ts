import type { Text } from '../../language.ts'

/** What may go wrong below the commands; the resident agent says it too. */
export const errorTexts = {
  notEnrolled: {
    ar: `لا برنامج رصد منضم في {dir}. \
اطلب رمز تسجيل ثم نفّذ: \`istimrar-agent enrol --token-file FILE\``,
    en: `No agent is enrolled in {dir}. \
Ask for a token, then: \`istimrar-agent enrol --token-file FILE\``,
  },
  otherName: {
    ar: 'في `agent.yaml` الاسم {given}، وقد انضم باسم {name}، ويبقى هذا.',
    en: '`agent.yaml` says name: {given}. It is enrolled as {name}, and that stays.',
  },
  otherCollector: {
    ar: 'في `agent.yaml` المنصة المركزية {given}، وإليها يبلّغ، لكنه انضم عبر {collector}.',
    en: '`agent.yaml` says collector: {given}. It reports there, but was enrolled at {collector}.',
  },
  noKeyInFile: { ar: 'لا مفتاح خاصًا في {file}.', en: '{file} does not hold a private key.' },
  keyMissing: {
    ar: 'مفتاح برنامج الرصد {file} مفقود.',
    en: "The agent's key {file} is missing.",
  },
  folderInUse: {
    ar: 'يستخدم برنامج رصد آخر المجلد {dir}. أوقفه أولًا.',
    en: 'Another agent uses the folder {dir}. Stop it first.',
  },
  newerVersion: {
    ar: 'كتب إصدار أحدث من برنامج الرصد {file}، فلم يُمس.',
    en: 'A newer version of the agent wrote {file}; it is untouched.',
  },
  cannotRead: { ar: 'تعذرت قراءة {file} ({why}).', en: 'Cannot read {file}: {why}.' },
  noSuchFile: { ar: 'لا ملف بهذا الاسم', en: 'there is no such file' },
  initProposes: {
    ar: 'يقترح الأمر `istimrar-agent init` ملفًا.',
    en: '`istimrar-agent init` proposes one.',
  },
  unknownOption: {
    ar: 'لا يعرف هذا الأمر الخيار {option}. للمساعدة: `istimrar-agent {command} --help`',
    en: 'There is no option {option}. Try: `istimrar-agent {command} --help`',
  },
  valueMissing: {
    ar: 'تلزم قيمة بعد الخيار {option}. للمساعدة: `istimrar-agent {command} --help`',
    en: '{option} needs a value. Try: `istimrar-agent {command} --help`',
  },
  noValueTaken: {
    ar: 'لا يأخذ الخيار {option} قيمة. للمساعدة: `istimrar-agent {command} --help`',
    en: '{option} takes no value. Try: `istimrar-agent {command} --help`',
  },
  warning: { ar: 'تنبيه: {text}', en: 'Warning: {text}' },
  noCertificate: {
    ar: 'لا شهادة بصيغة `PEM` في {file} الذي يسميه `authorities`.',
    en: '{file}, named by `authorities`, holds no certificate in `PEM` form.',
  },
  badProxy: {
    ar: 'قيمة `HTTPS_PROXY` أو `HTTP_PROXY` ليست عنوانًا مثل `http://proxy.example.om:3128`',
    en: '`HTTPS_PROXY` or `HTTP_PROXY` is no address such as `http://proxy.example.om:3128`',
  },
  badCertificate: {
    ar: 'الشهادة التي تبدأ في السطر {line} من {file} غير صالحة ({why}).',
    en: 'The certificate that begins on line {line} of {file} is not valid: {why}.',
  },
} as const satisfies Record<string, Text>
