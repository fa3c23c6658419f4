import type { Text } from '../../language.ts'

/** Of `config check`. */
export const configTexts = {
  details: {
    ar: `يقرأ الملف (أو \`agent.yaml\`) ولا يتصل بشيء.
رمز الخروج 0 إذا كان الملف صالحًا، و2 إذا كانت فيه أخطاء، وتُذكر كلها بأسطرها.`,
    en: `Reads the file (or \`agent.yaml\`) and connects to nothing.
Exit 0 it is right, 2 it has problems, all of them named with their lines.`,
  },
  right: { ar: 'الملف {file} صالح.', en: '{file} is right.' },
  collector: { ar: 'يبلّغ {collector} باسم {name}.', en: 'Reports to {collector} as {name}.' },
  authorities: {
    ar: 'يثق أيضًا بسلطات التوثيق في {file}.',
    en: 'Also trusts the authorities in {file}.',
  },
  facts: {
    ar: 'يقيس بيانات الجاهزية مرة كل {hours} س.',
    en: 'Measures the readiness facts every {hours} h.',
  },
  excluded: { ar: 'لا يقيس منها: {excluded}.', en: 'Of these it leaves out: {excluded}.' },
  metrics: {
    ar: 'يفتح المنفذ {port} على الجهاز نفسه لمقاييسه.',
    en: 'Opens port {port} on this very machine for its metrics.',
  },
  checks: { ar: 'الفحوص:', en: 'Checks:' },
  check: { ar: 'الفحص', en: 'Check' },
  kind: { ar: 'النوع', en: 'Kind' },
  interval: { ar: 'كل', en: 'Every' },
  seconds: { ar: '{n} ث', en: '{n} s' },
  label: { ar: 'العنوان المعروض', en: 'Label' },
} as const satisfies Record<string, Text>
