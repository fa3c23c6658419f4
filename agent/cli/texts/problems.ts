import { type DocumentError, documentLimits } from '../../../protocol/document.ts'
import { isolated, type Language } from '../../language.ts'

/**
 * The sentences of protocol/explain.ts, protocol/document.ts and agent/config.ts in Arabic. They
 * are made in English far below any reader, so they are known here by their form. `$1` is what a
 * group of the form caught; `@1` a thing that is described, which is looked up in turn.
 */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^missing "([^"]*)" \((.+)\)$/, 'ينقص $1 (وقيمه: $2)'],
  [/^missing (.+)$/, 'ينقص $1'],
  [/^unknown setting (".*"); allowed: (.+)$/, 'إعداد غير معروف $1؛ والمقبول: $2'],
  [/^setting (".*") appears twice$/, 'تكرر الإعداد $1'],
  [/^another check is named (.+) already$/, 'يوجد فحص آخر باسم $1'],
  [/^is listed twice$/, 'مذكور مرتين'],
  [/^must be one of (.+)$/, 'يجب أن يكون أحد هذه: $1'],
  [/^must not be empty$/, 'يجب ألا يكون فارغًا'],
  [/^must have at least (\d+) characters?$/, 'يجب ألا تقل خاناته عن $1'],
  [/^must have at most (\d+) characters, not (\d+)$/, 'يجب ألا تزيد خاناته على $1، وهي $2'],
  [/^must have at least (\d+) entr(?:y|ies)$/, 'يجب ألا تقل عناصره عن $1'],
  [/^must have at most (\d+) entries, not (\d+)$/, 'يجب ألا تزيد عناصره على $1، وهي $2'],
  [/^must be at most (\d+) bytes$/, 'يجب ألا يزيد حجم الملف على $1 بايت'],
  [/^must be saved as UTF-8$/, 'يجب أن يُحفظ الملف بترميز UTF-8'],
  [/^nests too deeply$/, 'تداخله أعمق من المسموح'],
  [/^is not YAML: (.+)$/, 'ليس بصيغة YAML: @1'],
  [/^must have no %YAML line$/, 'يجب ألا يحوي سطر %YAML'],
  [/^must not use an alias \(\*\)$/, 'يجب ألا يستخدم إحالة (*)'],
  [/^must not use an anchor \(&\)$/, 'يجب ألا يستخدم علامة مرجعية (&)'],
  [/^must not use a tag \(!\)$/, 'يجب ألا يستخدم وسم نوع (!)'],
  [
    /^must be an id: small letters.*$/,
    'يجب أن يكون معرّفًا: حروف لاتينية صغيرة وأرقام وشرطات، 63 على الأكثر، ولا يبدأ بشرطة',
  ],
  [/^must be plain text without hidden characters$/, 'يجب أن يكون نصًا بلا محارف خفية'],
  [/^must be an address such as (\S+), without path$/, 'يجب أن يكون عنوانًا مثل $1 دون مسار بعده'],
  [
    /^must start with https:\/\/ unless the collector is on this very machine$/,
    'يجب أن يبدأ بـ https:// ما لم تكن المنصة المركزية على هذا الجهاز نفسه',
  ],
  [/^must not be longer than the interval$/, 'يجب ألا يزيد على المدة بين فحص وآخر'],
  [/^must be from (\S+) to (\S+)$/, 'يجب أن يكون من $1 إلى $2'],
  [/^must not name a cloud's metadata service$/, 'يجب ألا يسمي خدمة بيانات السحابة الداخلية'],
  [
    /^names and labels are too long altogether; shorten labels$/,
    'الأسماء والعناوين طويلة في مجموعها؛ اختصر label',
  ],
  [
    /^must be at least (\d+s): each look starts a program$/,
    'يجب ألا يقل عن $1: كل فحص يشغّل برنامجًا',
  ],
  [
    /^must be at least (\d+s) for so many connections$/,
    'يجب ألا يقل عن $1 لهذا العدد من الاتصالات',
  ],
  [/^must be at least (\d+s)$/, 'يجب ألا يقل عن $1'],
  [/^fromPage needs a step before it$/, 'يلزم fromPage أن تسبقه خطوة'],
  [/^fromFile needs the setting fieldsFile$/, 'يلزم fromFile الإعداد fieldsFile'],
  [/^fromFile needs https$/, 'يلزم fromFile عنوان https'],
  [/^fromFile needs trust: system$/, 'يلزم fromFile الإعداد trust: system'],
  [/^is no host$/, 'ليس اسم جهاز'],
  [/^is no address$/, 'ليس عنوانًا'],
  [/^must have either "url" or "path"$/, 'يجب أن يحوي url أو path، لا كليهما'],
  [/^must have (?:exactly )?one of (.+)$/, 'يجب أن يحوي واحدًا من هذه: $1'],
  [/^must go with (.+)$/, 'لا يصلح إلا مع $1'],
  [/^must match (.+)$/, 'يجب أن يطابق $1'],
  [/^must be (.+); write it in quotes$/, 'يجب أن يكون @1؛ اكتبه بين علامتي اقتباس'],
  [/^must be (.+), not (\S+)$/, 'يجب أن يكون @1، لا $2'],
  [/^must be (.+)$/, 'يجب أن يكون @1'],
]

/** What a value may be. */
const things: readonly (readonly [RegExp, string])[] = [
  [/^a backslash in double quotes/, 'تُكتب الشرطة المائلة العكسية مرتين بين علامتي اقتباس'],
  [/^the indentation is wrong$/, 'المسافات في أول السطر خاطئة'],
  [/^a text that begins so/, 'النص الذي يبدأ هكذا يُكتب بين علامتي اقتباس'],
  [/^settings of a setting begin/, 'الإعدادات الفرعية تبدأ في سطر جديد'],
  [/^a quote, bracket, comma/, 'تنقص علامة اقتباس أو قوس أو فاصلة أو نقطتان أو مسافة'],
  [/^a name and its colon/, 'الاسم والنقطتان بعده في سطر واحد'],
  [/^a line of three hyphens/, 'سطر الشرطات الثلاث يبدأ ملفًا آخر'],
  [/^lines are indented with spaces/, 'تُزاح الأسطر بمسافات لا بعلامات جدولة'],
  [/^what stands here has no place$/, 'لا موضع هنا لما كُتب'],
  [/^a whole number from (\S+) to (\S+)$/, 'عددًا صحيحًا من $1 إلى $2'],
  [/^a whole number of at least (\S+)$/, 'عددًا صحيحًا لا يقل عن $1'],
  [/^a whole number of at most (\S+)$/, 'عددًا صحيحًا لا يزيد على $1'],
  [/^a whole number$/, 'عددًا صحيحًا'],
  [/^a number from (\S+) to (\S+)$/, 'عددًا من $1 إلى $2'],
  [/^a number of at least (\S+)$/, 'عددًا لا يقل عن $1'],
  [/^a number of at most (\S+)$/, 'عددًا لا يزيد على $1'],
  [/^a number$/, 'عددًا'],
  [/^a time such as (\S+), (\S+) or (\S+)$/, 'مدة مثل $1 و$2 و$3'],
  [/^a name or an address, without port$/, 'اسمًا أو عنوانًا دون منفذ'],
  [
    /^a host, with its port where that is not the usual one$/,
    'جهازًا، ومعه منفذه إن لم يكن المعتاد',
  ],
  [/^a path that begins with one slash$/, 'مسارًا يبدأ بشرطة مائلة واحدة'],
  [/^a status code or a range, such as (\S+) or (\S+)$/, 'رمز استجابة أو مدى مثل $1 و$2'],
  [/^an absolute path, such as (\S+)$/, 'مسارًا كاملًا مثل $1'],
  [/^an absolute path$/, 'مسارًا كاملًا'],
  [/^an address, such as (\S+) or (\S+)$/, 'عنوانًا مثل $1 و$2'],
  [
    /^an http or https address, without user name or password$/,
    'عنوان http أو https دون اسم مستخدم ولا كلمة مرور',
  ],
  [/^the name of a program, without folder or wildcards$/, 'اسم برنامج دون مجلد ولا رموز شاملة'],
  [/^the name of a service, such as (\S+) or (\S+)$/, 'اسم خدمة مثل $1 و$2'],
  [/^true or false$/, 'true أو false'],
  [/^a list$/, 'قائمة'],
  [/^settings \((.+)\)$/, 'إعدادات ($1)'],
  [/^settings$/, 'إعدادات'],
  [/^text$/, 'نصًا'],
  // The one value there is.
  [/^(\S+)$/, '$1'],
  // Last: a time is named with an `or` of its own, and so is a yes or no.
  [/^(.+) or (.+)$/, '@1 أو @2'],
]

/** What is wrong at a place of a file, in the reader's language. */
export function problemIn(language: Language, message: string): string {
  return language === 'en' ? message : (known(message, sentences) ?? isolated(message))
}

/** All that is wrong in a file, a line each: where first, which is the same in every language. */
export function problemsIn(language: Language, { message, problems }: DocumentError): string {
  if (language === 'en') return message
  const { problemsMax } = documentLimits
  const lines = problems.slice(0, problemsMax).map(({ file, line, path, message: wrong }) => {
    const place = [line === null ? file : `${file}:${line}`, ...(path === '' ? [] : [path])]
    return `${isolated(`${place.join(': ')}:`)} ${problemIn(language, wrong)}`
  })
  const more = problems.length < problemsMax ? [] : ['قد يوجد غيرها؛ صحح هذه أولًا.']
  return [...lines, ...more].join('\n')
}

/** Whether a sentence has its Arabic. */
export function hasArabic(message: string): boolean {
  return known(message, sentences, true) !== null
}

/** Null where no form fits; `isStrict`: also where a thing it describes has none. */
function known(
  text: string,
  table: readonly (readonly [RegExp, string])[],
  isStrict = false,
): string | null {
  for (const [form, arabic] of table) {
    const found = form.exec(text)
    if (!found) continue
    const parts = arabic.split(/([$@]\d)/).map((part) => {
      const caught = found[Number(part[1])] ?? ''
      if (/^\$\d$/.test(part)) return isolated(caught)
      if (!/^@\d$/.test(part)) return part
      return known(caught, things, isStrict) ?? (isStrict ? null : isolated(caught))
    })
    return parts.includes(null) ? null : parts.join('')
  }
  return null
}
