import type { Text } from '../../language.ts'

/** Of `uninstall`. */
export const uninstallTexts = {
  removeConfig: {
    ar: 'إزالة الملف الذي يسميه `--config` أيضًا.',
    en: 'Remove the file named by `--config` too.',
  },
  yes: { ar: 'دون سؤال.', en: 'Do not ask.' },
  export: {
    ar: 'حفظ ما غادر هذا الجهاز في ملف قبل الإزالة.',
    en: 'Keep what left this host in a file first.',
  },
  details: {
    ar: `أوقف الخدمة أولًا: \`systemctl disable --now istimrar-agent\`
إن رُكّب من حزمة فأزل الحزمة أيضًا: \`apt purge istimrar-agent\`
رمز الخروج 0 أُزيل، و1 لم يُزل، و2 خطأ في كتابة الأمر.`,
    en: `Stop the service first: \`systemctl disable --now istimrar-agent\`
Where it was installed from a package, remove that too: \`apt purge istimrar-agent\`
Exit 0 removed, 1 not removed, 2 wrong command line.`,
  },
  running: {
    ar: 'يعمل برنامج الرصد على {dir}. أوقفه أولًا: `systemctl disable --now istimrar-agent`',
    en: 'The agent runs on {dir}. Stop it first: `systemctl disable --now istimrar-agent`',
  },
  foreign: {
    ar: 'المجلد {dir} ليس لبرنامج الرصد وحده: فيه {name}. لم يُزل شيء.',
    en: '{dir} is not the folder of an agent alone: {name} is in it. Nothing was removed.',
  },
  nothing: { ar: 'لا شيء لبرنامج الرصد في {dir}.', en: 'There is nothing of an agent in {dir}.' },
  willRemove: { ar: 'سيُزال:', en: 'To be removed:' },
  lost: {
    ar: 'وفيه رسائل لم تُسلَّم عددها {messages}، ومفتاح برنامج الرصد {agent}. لا رجعة في ذلك.',
    en: 'with {messages} messages not delivered and the key of {agent}. This cannot be undone.',
  },
  offer: {
    ar: 'لحفظ ما غادر هذا الجهاز أولًا: `istimrar-agent uninstall --export FILE`',
    en: 'To keep what left this host first: `istimrar-agent uninstall --export FILE`',
  },
  ask: { ar: 'اكتب {word} للمتابعة:', en: 'Type {word} to go on:' },
  kept: { ar: 'لم يُزل شيء.', en: 'Nothing was removed.' },
  exported: { ar: 'حُفظ ما غادر هذا الجهاز في {file}.', en: 'What left this host is in {file}.' },
  exportExists: { ar: 'الملف {file} موجود من قبل.', en: '{file} exists already.' },
  removed: { ar: 'أُزيل كل ما حفظه برنامج الرصد.', en: 'All that the agent kept is removed.' },
  revoke: {
    ar: 'بقي أن يلغي مسؤول المنصة تسجيل {agent} في المنصة المركزية، وإلا ظل مسجلًا هناك.',
    en: 'Left to do: have an administrator revoke {agent} at the collector, where it stays known.',
  },
  packages: {
    ar: 'إن رُكّب من حزمة: `apt purge istimrar-agent`',
    en: 'Where it came from a package: `apt purge istimrar-agent`',
  },
  failed: { ar: 'تعذرت إزالة {path} ({why}).', en: 'Cannot remove {path}: {why}.' },
} as const satisfies Record<string, Text>
