import type { Text } from '../language.ts'

/**
 * What a file of workloads is refused with. The readers say it in English; the Arabic is found by
 * it, each `{place}` standing for whatever the reader named. `{why}` is one of these again.
 */
export const importFaultTexts: readonly Text[] = [
  { ar: 'الملف فارغ.', en: 'is empty' },
  { ar: 'سطر فارغ.', en: 'is an empty line' },
  { ar: 'لا صفوف تحت صف العناوين.', en: 'has no rows below its header' },
  { ar: 'الحد الأقصى لعدد الصفوف {n}.', en: 'must have at most {n} rows' },
  {
    ar: 'عدد الأعمدة {found}، والمطلوب {n} كما في صف العناوين.',
    en: 'must have {n} columns like the header, not {found}',
  },
  {
    ar: 'الحد الأقصى لعدد الحروف {n}، وعددها {found}.',
    en: 'must have at most {n} characters, not {found}',
  },
  { ar: 'الحد الأقصى لعدد الحروف {n}.', en: 'must be at most {n} characters' },
  { ar: 'الحد الأقصى لحجم الملف {n} بايت.', en: 'must be at most {n} bytes' },
  { ar: 'الحد الأدنى لعدد الحروف {n}.', en: 'must have at least {n} characters' },
  { ar: 'يلزم عنصر واحد على الأقل.', en: 'must have at least 1 entry' },
  {
    ar: 'الحد الأقصى لعدد العناصر {n}، وعددها {found}.',
    en: 'must have at most {n} entries, not {found}',
  },
  {
    ar: 'لا تبدأ الخانة بعلامة = أو + أو - أو @: برنامج الجداول يعدّها صيغة ينفذها.',
    en: 'must not begin with =, +, - or @: a spreadsheet would run it as a formula',
  },
  { ar: 'في النص رموز تحكم غير مسموح بها.', en: 'must hold no control characters' },
  { ar: 'لا يبدأ النص بمسافة ولا ينتهي بها.', en: 'must not begin or end with a space' },
  { ar: 'يلزم الفصل بين الأعمدة بالفاصلة العادية.', en: 'columns must be separated by commas' },
  { ar: 'العمود {name} غير موجود.', en: 'the column {name} is missing' },
  {
    ar: 'عنوان العمود رقم {n} غير معروف. العناوين المسموحة: {allowed}',
    en: 'column {n} has no known name; allowed: {allowed}',
  },
  {
    ar: 'العمود رقم {n} يكرر العنوان {name}.',
    en: 'column {n} is the second one named {name}',
  },
  { ar: 'يلزم حفظ الملف بترميز {encoding}.', en: 'must be saved as {encoding}' },
  {
    ar: 'علامة تنصيص أو نهاية سطر في غير موضعها.',
    en: 'has a quote or a line end where none may stand',
  },
  { ar: 'مستويات الملف متداخلة أكثر من اللازم.', en: 'nests too deeply' },
  { ar: 'الملف ليس بصيغة {format}: {why}', en: 'is not {format}: {why}' },
  {
    ar: 'تُكتب الشرطة المائلة العكسية مرتين بين علامتي التنصيص.',
    en: 'a backslash in double quotes is written twice, or use single quotes',
  },
  { ar: 'إزاحة السطر غير صحيحة.', en: 'the indentation is wrong' },
  {
    ar: 'النص الذي يبدأ هكذا يُكتب بين علامتي تنصيص.',
    en: 'a text that begins so is written in quotes',
  },
  {
    ar: 'حقول العنصر تبدأ في سطر خاص بها.',
    en: 'settings of a setting begin on a line of their own',
  },
  {
    ar: 'علامة تنصيص أو قوس أو فاصلة أو نقطتان أو مسافة ناقصة.',
    en: 'a quote, bracket, comma, colon or space is missing',
  },
  {
    ar: 'اسم الحقل والنقطتان بعده في سطر واحد.',
    en: 'a name and its colon are on one line',
  },
  {
    ar: 'سطر من ثلاث شرطات يبدأ ملفًا آخر.',
    en: 'a line of three hyphens begins another document',
  },
  {
    ar: 'إزاحة الأسطر بالمسافات لا بعلامة الجدولة.',
    en: 'lines are indented with spaces, not with tabs',
  },
  { ar: 'ما هنا في غير موضعه.', en: 'what stands here has no place' },
  { ar: 'الاسم المستعار ({sign}) غير مسموح به.', en: 'must not use an alias ({sign})' },
  { ar: 'المرساة ({sign}) غير مسموح بها.', en: 'must not use an anchor ({sign})' },
  { ar: 'الوسم ({sign}) غير مسموح به.', en: 'must not use a tag ({sign})' },
  { ar: 'السطر {name} غير مسموح به.', en: 'must have no {name} line' },
  { ar: 'الحقل {name} مكرر.', en: 'setting {name} appears twice' },
  { ar: 'الحقل {name} ناقص.', en: 'missing {name}' },
  {
    ar: 'الحقل {name} غير معروف. الحقول المسموحة: {allowed}',
    en: 'unknown setting {name}; allowed: {allowed}',
  },
  { ar: 'القيم المسموحة: {allowed}', en: 'must be one of {allowed}' },
  {
    ar: 'يلزم معرّف من حروف لاتينية صغيرة وأرقام وشرطات، لا يزيد على 63 ولا يبدأ بشرطة.',
    en: 'must be an id: small letters, digits and hyphens, at most 63, no hyphen first',
  },
  {
    ar: 'يلزم تاريخ مثل 2027-05-02 بالأرقام 0-9.',
    en: 'must be a day such as 2027-05-02, in digits 0-9',
  },
  { ar: 'يلزم عدد صحيح من {from} إلى {to}.', en: 'must be a whole number from {from} to {to}' },
  { ar: 'يلزم نص لا رموز خفية فيه.', en: 'must be plain text without hidden characters' },
  { ar: 'الخانة فارغة.', en: 'must not be empty' },
  { ar: 'القيمة مكررة.', en: 'is listed twice' },
  { ar: 'المعرّف مستخدم في السطر {line}.', en: 'is the id of line {line} already' },
  { ar: 'الحد الأقصى لعدد الأنظمة {n}.', en: 'must have at most {n} workloads' },
  // What the rules of the register refuse.
  {
    ar: 'يلزم معرّف من حروف لاتينية صغيرة وأرقام وشرطات، والحد الأقصى لعدد حروفه {n}.',
    en: 'must be an id: a to z, 0 to 9 and hyphens, at most {n} characters',
  },
  {
    ar: 'يلزم نص بحروف عربية بلا رموز خفية، والحد الأقصى لعدد حروفه {n}.',
    en: 'must be text written in Arabic letters, 1 to {n} characters, none of them hidden',
  },
  {
    ar: 'يلزم نص بحروف لاتينية بلا رموز خفية، والحد الأقصى لعدد حروفه {n}.',
    en: 'must be text written in Latin letters, 1 to {n} characters, none of them hidden',
  },
  {
    ar: 'يلزم نص بلا رموز خفية، والحد الأقصى لعدد حروفه {n}.',
    en: 'must be text, 1 to {n} characters, none of them hidden',
  },
  {
    ar: 'يلزم تاريخ من {from} إلى {to}، مثل {such}.',
    en: 'must be a day from {from} to {to}, as {such}',
  },
  {
    ar: 'ما ثبت بالقياس لا يُسجل: تُسجل مرحلة {state} أي بدء التشغيل في السحابة.',
    en: '`validated` is what measurement finds, and nobody says it: say {state}',
  },
  {
    ar: 'الإعفاء لا يُسجل مرحلةً: يُطلب ويُعتمد.',
    en: '`exempt` is an approved exemption: ask for one',
  },
  { ar: 'يلزم تحديد {one} و{other}.', en: 'must have {one} and {other}' },
  {
    ar: 'تلزم قائمة بأسماء برامج الرصد، كل اسم مرة واحدة، والحد الأقصى لعددها {n}.',
    en: 'must be a list of at most {n} names of agents, each once',
  },
  { ar: 'المعرّف لا يتغير.', en: 'must stay as it is' },
  {
    ar: 'المعرّف لنظام حُذف من السجل، ولا يُستخدم مرة أخرى.',
    en: 'was that of a removed workload, and is not used again',
  },
  {
    ar: 'بلغ عدد أنظمة المؤسسة الحد الأقصى {n}، فلا يُسجل غيرها.',
    en: 'cannot be registered: an institution has at most {n} workloads',
  },
  {
    ar: 'يلزم أن تكون بيئة استضافة للمؤسسة مسجلة في السجل.',
    en: 'must be a hosting environment of the institution, as the register names it',
  },
  {
    ar: 'يلزم أن تكون الخوادم من بيئتها. المعروفة فيها: {hosts}',
    en: 'must name agents of its environment: {hosts}',
  },
  { ar: 'الموضع المستهدف هو نفسه الموضع الحالي.', en: 'must not be where the source is' },
  {
    ar: 'القيم المذكورة في السياسة: {allowed}',
    en: 'must be one that the policy names: {allowed}',
  },
  {
    ar: 'مطلوب، فهو لازم لمرحلة {since} التي تسبق {state}.',
    en: 'must be given: it is needed for {since}, which {state} comes after',
  },
  { ar: 'مطلوب، فهو لازم لمرحلة {state}.', en: 'must be given: it is needed for {state}' },
  { ar: 'يبقى فارغًا قبل مرحلة {state}.', en: 'must be empty before {state}' },
  {
    ar: 'يبقى فارغًا: ما يخرج من الخدمة لا يُنقل.',
    en: 'must be empty: what is retired goes nowhere',
  },
  {
    ar: 'ما أسلوبه الإخراج من الخدمة لا يبدأ تشغيله في السحابة: تُسجل مرحلة {state}.',
    en: 'must not be cut_over with the strategy retire: say {state}',
  },
  {
    ar: 'لا يخرج من الخدمة إلا ما أسلوبه الإخراج منها. أما المنقول فمرحلته {state}.',
    en: 'is retired only with the strategy retire: what has moved is {state}',
  },
  {
    ar: 'ما أسلوبه الإبقاء في الموضع الحالي لا يتجاوز مرحلة التخطيط: فهو لا يُنقل.',
    en: 'must be planned or earlier with the strategy retain: what stays does not move',
  },
  { ar: 'يبقى فارغًا بعد الخروج من الخدمة.', en: 'must be empty once it is retired' },
  { ar: 'لا يسبق تاريخ {field}.', en: 'must not be before {field}' },
  { ar: 'لا يكون التاريخ في المستقبل.', en: 'must not be in the future' },
  { ar: 'معرّف مكرر في القائمة (رقم {n}).', en: 'is that of number {n} of the list too' },
  // What keeps a roadmap from being proposed.
  { ar: 'يلزم تاريخ مثل {such}.', en: 'must be a day such as {such}' },
  {
    ar: 'لا تاريخ مخططًا لاكتماله، وهو غير معفى ولم يُنقل. وما يبقى في موضعه يلزمه إعفاء.',
    en: 'is missing, and it is neither exempt nor moved: what is retained needs an exemption',
  },
  {
    ar: 'لا تاريخ مخططًا لاكتماله، وهو غير معفى ولم يُنقل.',
    en: 'is missing, and it is neither exempt nor moved',
  },
  {
    ar: 'موعده {finish} قبل بداية خارطة الطريق {start}: يلزم تخطيطه من جديد.',
    en: 'is {finish}, before the roadmap starts on {start}: plan it again',
  },
  {
    ar: 'موعده {finish}، وأقصى مدة لخارطة الطريق بالسنوات {n}.',
    en: 'is {finish}; a roadmap ends within {n} years',
  },
  {
    ar: 'لا نظام يُنقل بعد تاريخ البداية.',
    en: 'must hold one that is to be moved after the start',
  },
  { ar: 'القيمة المطلوبة: {allowed}', en: 'must be {allowed}' },
]

/** Said where there are no words of ours for a fault. */
export const otherFaultText: Text = {
  ar: 'القيمة غير مقبولة.',
  en: 'This is not accepted.',
}
