import type { Text } from '../../language.ts'

/** Of `enrol`, `rejoin` and `rotate-key`: how an agent comes in, comes back, changes its key. */
export const enrolTexts = {
  collector: {
    ar: 'عنوان المنصة المركزية للرصد؛ وإلا فمن `agent.yaml`.',
    en: 'Where to report; else from `agent.yaml`.',
  },
  name: {
    ar: 'اسم برنامج الرصد هذا؛ وإلا فمن `agent.yaml`.',
    en: 'Name of this agent; else from `agent.yaml`.',
  },
  tokenFile: { ar: 'الملف الذي يحوي رمز التسجيل.', en: 'File that holds the token.' },
  token: {
    ar: 'رمز التسجيل نفسه؛ وقد يراه غيرك على هذا الجهاز.',
    en: 'The token; others here may see it.',
  },
  wait: {
    ar: 'مدة انتظار مسؤول المنصة بالدقائق، 1440 على الأكثر؛ وإلا فأعد الأمر لاحقًا.',
    en: 'Wait so long for an administrator, 1440 at most; else call again.',
  },
  details: {
    ar: `لا ضرر من تكراره: المفتاح نفسه ورمز التسجيل نفسه لهما الجواب نفسه.
رمز الخروج 3 ما دام اعتماد مسؤول المنصة لازمًا: أعد الأمر برمز التسجيل نفسه.`,
    en: `Harmless to repeat: the same key and token get the same answer.
Exit 3 while an administrator still has to approve: call again with the same token.`,
  },
  already: {
    ar: 'برنامج الرصد هذا منضم من قبل باسم {agent} في البيئة {environment}. لم يتغير شيء.',
    en: 'Enrolled already, as {agent} in {environment}. Nothing was changed.',
  },
  enrolled: {
    ar: 'انضم برنامج الرصد باسم {agent} إلى البيئة {environment} في المؤسسة {institution}.',
    en: 'Enrolled as {agent} in {environment} of {institution}.',
  },
  approvalNeeded: {
    ar: `يلزم أن يعتمد مسؤول المنصة برنامج الرصد هذا أولًا، والطلب في الانتظار.
أعد الأمر بعدها برمز التسجيل نفسه (أو استخدم \`--wait\`).`,
    en: `An administrator has to approve this agent first; the request waits.
Call again with the same token then (or use \`--wait\`).`,
  },
  badCollector: {
    ar: 'قيمة `--collector` عنوان مثل `https://istimrar.example.om`',
    en: '`--collector` must be an address such as `https://istimrar.example.om`',
  },
  plainCollector: {
    ar: 'المنصة المركزية على جهاز آخر لا يُتصل بها إلا عبر `https://`',
    en: 'A collector on another machine must be reached by `https://`.',
  },
  badName: {
    ar: 'قيمة `--name` حروف لاتينية صغيرة وأرقام وشرطات، 63 على الأكثر.',
    en: '`--name` takes small letters, digits and hyphens, at most 63.',
  },
  openToken: {
    ar: 'تنبيه: يستطيع غيرك على هذا الجهاز قراءة {file}. نفّذ عليه `chmod 600` ثم احذفه.',
    en: 'Warning: others on this host can read {file}. `chmod 600` it, and delete it when done.',
  },
  noToken: {
    ar: 'حدد `--token-file FILE` أو `--token TOKEN`.',
    en: 'Say `--token-file FILE` or `--token TOKEN`.',
  },
  badToken: {
    ar: 'هذا ليس رمز تسجيل: فيه 43 خانة من الحروف اللاتينية والأرقام و`-` و`_`.',
    en: 'That is no token: one has 43 letters, digits, `-` and `_`.',
  },
  tokenRefused: {
    ar: 'لا تقبل المنصة المركزية رمز التسجيل: استُنفد أو انتهى أو غير معروف أو لشبكة أخرى.',
    en: 'The collector does not accept the token: used up, expired, unknown, or not for here.',
  },
  nameTaken: {
    ar: 'في البيئة برنامج رصد آخر بهذا الاسم؛ اختر اسمًا آخر.',
    en: 'Another agent of this name is enrolled in the environment already; choose another name.',
  },
  answered: { ar: 'أجابت {host} بالرمز {status}.', en: '{host} answered {status}.' },
  unreachable: {
    ar: 'تعذر الوصول إلى {host} ({why}). لمعرفة السبب: `istimrar-agent doctor`',
    en: 'Cannot reach {host}: {why}. To find out why: `istimrar-agent doctor`',
  },
  badWait: {
    ar: 'قيمة `--wait` دقائق، من 0 إلى 1440.',
    en: '`--wait` takes minutes, from 0 to 1440.',
  },
} as const satisfies Record<string, Text>

export const rejoinTexts = {
  details: {
    ar: `أوقف برنامج الرصد ونسخته الأخرى أولًا. يعرض هذا الأمر رمزًا تقرؤه لمسؤول المنصة.
رمز الخروج 0 إذا سُمح له من جديد أو لم يكن موقوفًا، و3 ما دام ذلك منتظرًا: أعد الأمر.`,
    en: `Stop the agent and its other copy first. Prints a code to read to an administrator.
Exit 0 when this agent is let in again or was never shut out, 3 while that waits: call again.`,
  },
  notShutOut: {
    ar: 'لم توقف المنصة المركزية برنامج الرصد هذا. شغّل خدمته، أو نفّذ: `istimrar-agent run`',
    en: 'The collector has not shut this agent out. Start its service, or: `istimrar-agent run`',
  },
  letIn: {
    ar: 'سُمح لبرنامج الرصد هذا من جديد، بمفتاحه الجديد. شغّل خدمته، أو نفّذ: `istimrar-agent run`',
    en: 'This agent is let in again, with its new key. Start its service, or: `istimrar-agent run`',
  },
  notKnown: {
    ar: 'لا تعرف المنصة المركزية برنامج الرصد هذا. اسأل مسؤول المنصة.',
    en: 'The collector does not know this agent. Ask the administrator.',
  },
  answered: {
    ar: 'أجابت المنصة المركزية بالرمز {status}.',
    en: 'The collector answered {status}.',
  },
  unreachable: {
    ar: 'تعذر الوصول إلى المنصة المركزية. لمعرفة السبب: `istimrar-agent doctor`',
    en: 'The collector cannot be reached. To find out why: `istimrar-agent doctor`',
  },
  instructions: {
    ar: `أوقفت المنصة المركزية برنامج الرصد هذا احترازيًا: أبلغت نسخة أخرى منه، أو اختلف سجله.
1. ابحث عن النسخة الأخرى وأوقفها (جهاز مستنسخ أو لقطة مستعادة).
2. اقرأ هذا الرمز لمسؤول المنصة:

   {code}

3. بعد اعتماد رفع الإيقاف نفّذ \`istimrar-agent rejoin\` من جديد (أو استخدم \`--wait\`).`,
    en: `The collector has shut this agent out: another copy of it reported, or its record differs.
1. Find and stop the other copy (a cloned machine, a restored snapshot).
2. Read this code to an administrator of the collector:

   {code}

3. Once its release is approved, call \`istimrar-agent rejoin\` again (or use \`--wait\`).`,
  },
} as const satisfies Record<string, Text>

export const rotateTexts = {
  details: {
    ar: 'أوقف برنامج الرصد أولًا. يبقى المفتاح القديم مستخدمًا حتى تؤكد المنصة المركزية.',
    en: 'Stop the agent first. The old key stays in use until the collector has confirmed.',
  },
  quarantined: {
    ar: 'برنامج الرصد هذا موقوف احترازيًا. نفّذ أولًا: `istimrar-agent rejoin`',
    en: 'This agent is quarantined. First: `istimrar-agent rejoin`',
  },
  spoolLost: {
    ar: 'فُقد مخزن الرسائل. نفّذ أولًا `istimrar-agent run` حتى يرسل.',
    en: 'The spool was lost. First: `istimrar-agent run`, until it delivers.',
  },
  waitsAlready: {
    ar: 'ينتظر مفتاح جديد من قبل. يُستخدم بعد تشغيل برنامج الرصد وتأكيد المنصة المركزية.',
    en: `A new key waits already. \
It is in use when the agent has run and the collector has confirmed it.`,
  },
  made: {
    ar: `أُنشئ المفتاح الجديد وينتظر إرساله. \
يُستخدم بعد تشغيل برنامج الرصد وتأكيد المنصة المركزية.`,
    en: `The new key is made and waits to be sent. \
It is in use when the agent has run and the collector has confirmed it.`,
  },
} as const satisfies Record<string, Text>
