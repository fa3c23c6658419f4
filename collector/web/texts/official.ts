import type { OfficialLevel } from '../../official/official-log.ts'
import type { ProgrammeValue } from '../../official/programme-schema.ts'
import type { Text } from '../language.ts'

/** Readiness over time, with the official results beside it. */
export const trendTexts = {
  title: { ar: 'تطور الجاهزية الرقمية', en: 'Readiness over time' },
  how: {
    ar: 'في نهاية كل شهر تُثبت الجاهزية في السجل الوطني، ولا تتغير بعدها.',
    en: 'At the end of each month the readiness is fixed in the national log and never changes.',
  },
  none: {
    ar: 'لا نقاط بعد: تُثبت النقطة الأولى في نهاية الشهر الجاري إن وجد نموذج جاهزية.',
    en: 'No points yet: the first is fixed at the end of this month, once there is a model.',
  },
  timeRuns: {
    ar: 'محور الزمن من اليسار إلى اليمين.',
    en: 'Time runs from left to right.',
  },
  byMonth: { ar: 'الجاهزية بحسب الشهر', en: 'Readiness by month' },
  month: { ar: 'الشهر', en: 'Month' },
  soFar: { ar: 'الآن، والشهر لم ينته', en: 'Now; the month is not over' },
  level: { ar: 'المستوى', en: 'Level' },
  levelRange: { ar: '{low} إلى {high}', en: '{low} to {high}' },
  model: { ar: 'النموذج', en: 'Model' },
  version: { ar: 'الإصدار {version}', en: 'version {version}' },
  moved: { ar: 'ما غيّر الحد الأدنى المثبت', en: 'What moved the proven low' },
  movedBy: { ar: '{points} نقطة مئوية منذ {month}', en: '{points} points since {month}' },
  unmoved: { ar: 'لا تغير منذ {month}', en: 'No change since {month}' },
  firstPoint: { ar: 'النقطة الأولى', en: 'First point' },
  notComparable: {
    ar: 'نموذج آخر: لا يقارن بما قبله',
    en: 'Another model: not comparable with the point before',
  },
  byDimension: { ar: 'بحسب البعد', en: 'By dimension' },
  byIndicator: { ar: 'بحسب المؤشر', en: 'By indicator' },
  indicatorsUnknown: {
    ar: 'درجات المؤشرات غير محفوظة لإحدى النقطتين.',
    en: 'One of the two points holds no scores of indicators.',
  },
  rest: { ar: 'تقريب الأرقام: {points}', en: 'Rounding: {points}' },
  moreMoves: { ar: 'عدد غير المعروض: {more}', en: 'Not shown: {more}' },
  drawing: {
    ar: 'رسم بياني: الحد الأدنى المثبت {first} في {from}، و{last} في {to}.',
    en: 'Chart: the proven low is {first} in {from} and {last} in {to}.',
  },
  measured: { ar: 'المقيس آليًا', en: 'Measured automatically' },
  official: { ar: 'النتيجة الرسمية', en: 'Official result' },
  possible: { ar: 'حتى الحد الأعلى الممكن', en: 'Up to the highest possible' },
  target: { ar: 'المستهدف', en: 'Target' },
  otherModel: { ar: 'بداية نموذج آخر', en: 'Another model begins' },
  byCycle: { ar: 'الرسمي والمقيس بحسب الدورة', en: 'Official and measured by cycle' },
  beside: {
    ar: 'سلسلتان مستقلتان بطريقتي حساب مختلفتين: لا تحل إحداهما محل الأخرى.',
    en: 'Two series by two methods, side by side: neither ever replaces the other.',
  },
  noOfficial: { ar: 'لم تُستورد نتائج رسمية بعد.', en: 'No official results are imported yet.' },
  cycle: { ar: 'الدورة', en: 'Cycle' },
  officialIndex: { ar: 'النسبة الرسمية', en: 'Official index' },
  officialLevel: { ar: 'المستوى الرسمي', en: 'Official level' },
  measuredLow: { ar: 'الحد الأدنى المثبت المقيس', en: 'Measured proven low' },
  measuredHigh: { ar: 'الحد الأعلى الممكن المقيس', en: 'Measured high' },
  measuredLevel: { ar: 'المستوى المقيس', en: 'Measured level' },
  frozen: { ar: 'من الدورة المقفلة', en: 'of the frozen cycle' },
  source: { ar: 'المصدر', en: 'Source' },
  published: { ar: 'تاريخ النشر {date}', en: 'published {date}' },
} as const satisfies Record<string, Text>

export const officialLevelTexts: Readonly<Record<OfficialLevel, Text>> = {
  advanced: { ar: 'متقدم', en: 'Advanced' },
  above: { ar: 'فوق المتوسط', en: 'Above average' },
  average: { ar: 'متوسط', en: 'Average' },
  below: { ar: 'أقل من المتوسط', en: 'Below average' },
  low: { ar: 'متدنٍّ', en: 'Low' },
}

/** The published figures of the programme. */
export const programmeTexts = {
  title: { ar: 'الأرقام المنشورة للبرنامج', en: 'Published figures of the programme' },
  how: {
    ar:
      'مستوردة كما نُشرت، ولكل رقم إجماليه وتاريخه ومصدره. ' +
      'وما يلزم عنها حسابيًا معروض بجانبها ولا يصححها.',
    en:
      'Imported as published, each with its own denominator, date and source. ' +
      'What follows by arithmetic stands beside it and corrects nothing.',
  },
  none: {
    ar: 'لم تُستورد أرقام البرنامج بعد.',
    en: 'The figures of the programme are not imported yet.',
  },
  computed: { ar: 'تقيسه هذه المنظومة', en: 'Measured by this product' },
  kind: { ar: 'النوع', en: 'Kind' },
  value: { ar: 'القيمة المنشورة', en: 'As published' },
  denominator: { ar: 'من إجمالي', en: 'Denominator' },
  noDenominator: { ar: 'غير مذكور', en: 'Not stated' },
  date: { ar: 'حتى', en: 'As of' },
  source: { ar: 'المصدر', en: 'Source' },
  follows: { ar: 'ما يلزم حسابيًا', en: 'What follows by arithmetic' },
  atLeast: { ar: '{value} فأكثر', en: '{value} or more' },
  atMost: { ar: '{value} فأقل', en: '{value} or less' },
  countAndPercent: { ar: '{count}، أي {percent}', en: '{count}, that is {percent}' },

  share: {
    ar: '{count} من {base} تساوي {share}، والمتبقي {left}.',
    en: '{count} of {base} is {share}; {left} are left.',
  },
  stated: { ar: 'النسبة المنشورة مطابقة.', en: 'The published share agrees.' },
  notStated: { ar: 'النسبة المنشورة غير مطابقة.', en: 'The published share does not agree.' },
  impliedBase: {
    ar: 'أن تكون {count} نسبة {percent} يعني إجماليًا من {from} إلى {to}.',
    en: '{count} as {percent} implies a total of {from} to {to}.',
  },
  noBase: {
    ar: 'لا إجمالي تكون {count} منه نسبة {percent}.',
    en: 'There is no total of which {count} is {percent}.',
  },
  baseFits: { ar: 'الإجمالي {base} ضمن ذلك.', en: '{base} fits.' },
  baseDoesNotFit: { ar: 'الإجمالي {base} خارج ذلك.', en: '{base} does not fit.' },
  impliedCount: {
    ar: 'نسبة {percent} من {base} نحو {nearest} (من {from} إلى {to}).',
    en: '{percent} of {base} is about {nearest} ({from} to {to}).',
  },
  noCount: {
    ar: 'لا عدد صحيح من {base} يساوي {percent} بعد التقريب.',
    en: 'No whole number of {base} is {percent} when rounded.',
  },
  onlyParts: {
    ar: 'لا يطابق النسب من {base} إلا {parts}.',
    en: 'Only {parts} of {base} fit these shares.',
  },
  someParts: { ar: 'يطابق النسب من {base}: {parts}.', en: 'These of {base} fit: {parts}.' },
  moreParts: { ar: 'وغيرها.', en: 'And others.' },
  noParts: {
    ar: 'لا أعداد من {base} تطابق هذه النسب.',
    en: 'No counts of {base} fit these shares.',
  },
} as const satisfies Record<string, Text>

export const programmeKindTexts: Readonly<Record<ProgrammeValue['kind'], Text>> = {
  baseline: { ar: 'خط الأساس', en: 'Baseline' },
  target: { ar: 'المستهدف', en: 'Target' },
  actual: { ar: 'المحقق', en: 'Actual' },
}
