import type { Text } from '../../language.ts'

/** Options of several commands, in the help. Few, as the resident agent holds them too. */
export const optionTexts = {
  config: { ar: 'ملف ما يُرصد.', en: 'What to watch.' },
  dir: { ar: 'مجلد برنامج الرصد نفسه.', en: "The agent's own folder." },
  help: { ar: 'عرض هذه التعليمات.', en: 'Print this.' },
} as const satisfies Record<string, Text>
