import type { Text } from '../language.ts'

export const guideTitle: Text = { ar: 'كيفية قراءة هذه الأرقام', en: 'How to read these numbers' }

/** What each number means, in the order in which the board shows them. */
export const figureGuide = [
  {
    term: { ar: 'الحد الأدنى المثبت', en: 'Proven low' },
    meaning: {
      ar: 'نسبة الوقت الذي ثبت فيه العمل. الوقت غير المعلوم لا يُحسب عملًا أبدًا.',
      en: 'The share of time that was proven up. Unknown time never counts as up.',
    },
  },
  {
    term: { ar: 'النسبة المرصودة', en: 'Observed' },
    meaning: {
      ar: 'نسبة العمل في الوقت المعلوم وحده، دون دلالة على الوقت غير المعلوم.',
      en: 'The share up within the known time only; it says nothing of unknown time.',
    },
  },
  {
    term: { ar: 'الحد الأعلى الممكن', en: 'High' },
    meaning: {
      ar: 'النسبة لو كان الوقت غير المعلوم كله عملًا.',
      en: 'What the share would be if all unknown time had been up.',
    },
  },
  {
    term: { ar: 'نسبة اكتمال القياس', en: 'Coverage' },
    meaning: {
      ar: 'نسبة الوقت الذي تتوافر عنه شواهد قياس.',
      en: 'The share of time for which there is evidence.',
    },
  },
  {
    term: { ar: 'النتيجة', en: 'Verdict' },
    meaning: {
      ar: 'تحقق إذا بلغ الحد الأدنى المستهدف، ولم يتحقق إذا قل عنه الحد الأعلى، وإلا فلا جزم.',
      en: 'Met if the low reaches the target, not met if the high is below it, else undetermined.',
    },
  },
  {
    term: { ar: 'قيد التهيئة', en: 'Being set up' },
    meaning: {
      ar: 'شواهد القياس لا تكفي بعد لإعلان نتيجة.',
      en: 'There is not enough evidence for a verdict yet.',
    },
  },
  {
    term: { ar: 'يعمل بأداء منخفض', en: 'Degraded' },
    meaning: {
      ar: 'البيئة متاحة مع خلل يستدعي المعالجة، ويُحسب الوقت عملًا.',
      en: 'Available, with a fault that needs attention; the time counts as up.',
    },
  },
  {
    term: {
      ar: 'الصيانة المجدولة وانقطاع المنصة المركزية',
      en: 'Scheduled maintenance and collector outage',
    },
    meaning: {
      ar: 'وقت خارج الحساب، فلا يُنقص نسبة أي مؤسسة، ويبقى ظاهرًا في الإجمالي دون استبعاد.',
      en: 'This time leaves the calculation and lowers no share; the gross figure still shows it.',
    },
  },
] as const satisfies readonly { term: Text; meaning: Text }[]

/** What stands behind the state of a check. */
export const checkGuide = [
  {
    term: { ar: 'غير معلوم', en: 'Unknown' },
    meaning: {
      ar: 'لا شواهد قياس عن هذا الوقت، فلا يُحسب عملًا ولا توقفًا.',
      en: 'There is no evidence for this time: it counts neither as up nor as down.',
    },
  },
  {
    term: { ar: 'بحسب آخر شواهد مختومة', en: 'As last sealed' },
    meaning: {
      ar: 'ختم الشواهد كل عشر دقائق، وفورًا عند تغير الحالة؛ والحالة المعروضة هي آخر ما خُتم.',
      en: 'Evidence is sealed every ten minutes and at once on a change; this is the latest seal.',
    },
  },
  {
    term: { ar: 'لازم لعمل البيئة أو إرشادي', en: 'Needed or advisory' },
    meaning: {
      ar: 'توقف الفحص اللازم توقف للبيئة، أما الإرشادي فيُعرض للعلم والمعالجة.',
      en: 'If a needed check is down, so is its environment; an advisory one is for attention.',
    },
  },
] as const satisfies readonly { term: Text; meaning: Text }[]
