import type { MetricName } from '../../collector/kpi/readiness/metrics.ts'
import type {
  AxisName,
  Criterion,
  Dimension,
  Gate,
  IndicatorRule,
  Model,
} from '../../collector/kpi/readiness/model.ts'

type Labels = readonly [ar: string, en: string]
const both = ([ar, en]: Labels) => ({ ar, en })

function indicator(
  id: string,
  metric: MetricName,
  weight: number,
  label: Labels,
  advice: Labels,
  gate: Gate | null = null,
): IndicatorRule {
  return {
    ...{ id, metric, weight, gate, rollup: 'criticality_weighted', mayNotApply: false },
    ...{ score: { fn: 'bool' }, label: both(label), advice: both(advice) },
  }
}

function dimension(
  id: string,
  weight: number,
  objectives: readonly number[],
  axis: AxisName,
  label: Labels,
  indicators: readonly IndicatorRule[],
): Dimension {
  return { id, weight, objectives, axis, label: both(label), indicators }
}

const gateOf = (op: '<' | '>', value: number): Gate => ({
  ...{ when: { op, value }, scope: 'critical', capLevel: 'average' },
})

const dimensions: readonly Dimension[] = [
  dimension(
    'd1',
    15,
    [1, 2],
    'modernisation',
    ['متانة الأساس', 'Foundations'],
    [
      indicator(
        'd1.os_support',
        'os.support_left_days',
        60,
        ['المتبقي من دعم نظام التشغيل', 'OS support left'],
        ['ترقية نظام التشغيل إلى إصدار مدعوم.', 'Upgrade to a supported operating system.'],
        gateOf('<', 0),
      ),
      indicator(
        'd1.disk_free',
        'disk.free_ratio',
        40,
        ['المساحة المتاحة على أضيق قرص', 'Disk headroom, worst volume'],
        ['إتاحة مساحة على القرص أو توسعته.', 'Free space on the disk or enlarge it.'],
      ),
    ],
  ),
  dimension(
    'd2',
    15,
    [1, 2],
    'operational_efficiency',
    ['سلامة الحماية', 'Security hygiene'],
    [
      indicator(
        'd2.updates',
        'updates.security_oldest_days',
        50,
        ['أقدم تحديث أمني لم يُثبَّت', 'Oldest pending security update'],
        ['تثبيت التحديثات الأمنية المعلقة.', 'Install the pending security updates.'],
        gateOf('>', 90),
      ),
      indicator(
        'd2.firewall',
        'firewall.on',
        30,
        ['تفعيل جدار الحماية', 'Host firewall on'],
        ['تفعيل جدار الحماية على الخادم.', 'Turn the firewall of the host on.'],
      ),
      indicator(
        'd2.clock',
        'clock.offset_seconds',
        20,
        ['انحراف ساعة الخادم', 'Clock offset'],
        ['ضبط الوقت من مصدر موثوق.', 'Take the time from a trusted source.'],
      ),
    ],
  ),
  dimension(
    'd3',
    20,
    [8],
    'operational_efficiency',
    ['التعافي', 'Recovery'],
    [
      indicator(
        'd3.backup_age',
        'backup.age_over_rpo_ratio',
        50,
        ['عمر آخر نسخة احتياطية ناجحة', 'Age of last good backup'],
        ['إتمام نسخة احتياطية ناجحة ضمن المدة.', 'Complete a good backup within the RPO.'],
        gateOf('>', 3),
      ),
      indicator(
        'd3.outages',
        'outage.p90_over_rto_ratio',
        50,
        ['طول الانقطاعات', 'Length of outages'],
        ['تقصير زمن الاستعادة بعد الانقطاع.', 'Recover faster from outages.'],
      ),
    ],
  ),
  dimension(
    'd4',
    10,
    [3],
    'user_experience',
    ['تجربة المستفيد', 'Experience'],
    [
      indicator(
        'd4.success',
        'service.success_ratio',
        100,
        ['نجاح الخدمات العامة', 'Public endpoint success'],
        ['معالجة أسباب تعثر الخدمة.', 'Remove what makes the service fail.'],
      ),
    ],
  ),
  dimension(
    'd5',
    10,
    [4],
    'digital_enablement',
    ['العمل عن بعد', 'Remote work'],
    [
      indicator(
        'd5.second_factor',
        'remote_access.second_factor',
        100,
        ['التحقق بعاملين للعمل عن بعد', 'Second factor on remote access'],
        ['إلزام التحقق بعاملين وإثباته.', 'Require a second factor and declare it.'],
      ),
    ],
  ),
  dimension(
    'd6',
    10,
    [5],
    'digital_enablement',
    ['الربط البيني', 'Interconnection'],
    [
      indicator(
        'd6.loss',
        'link.loss_p95_ratio',
        100,
        ['فقد البيانات على الربط', 'Link loss'],
        ['مراجعة الربط مع مشغل الاتصالات.', 'Have the carrier look at the link.'],
      ),
    ],
  ),
  dimension(
    'd7',
    10,
    [6],
    'modernisation',
    ['التقنيات الحديثة والسحابة', 'Modern and cloud'],
    [
      indicator(
        'd7.cloud',
        'platform.in_cloud',
        60,
        ['الانتقال إلى السحابة الرقمية', 'Cloud migration'],
        ['نقل البيئة إلى السحابة الرقمية.', 'Move the environment to the cloud.'],
      ),
      indicator(
        'd7.age',
        'platform.age_years',
        40,
        ['عمر العتاد', 'Platform age'],
        ['استبدال العتاد القديم.', 'Replace old hardware.'],
      ),
    ],
  ),
  dimension(
    'd8',
    10,
    [1],
    'strategy_and_culture',
    ['التشغيل', 'Operations'],
    [
      indicator(
        'd8.staff',
        'operations.trained_staff',
        100,
        ['تدريب المشغلين', 'Staff trained in operations'],
        ['تدريب المشغلين وتقديم إفادة بذلك.', 'Train the operators and declare it.'],
      ),
    ],
  ),
]

const criterion = (id: string, label: Labels, advice: Labels): Criterion => ({
  ...{ id, label: both(label), advice: both(advice), conditions: [] },
})

const enabled: readonly Criterion[] = [
  criterion(
    'E1',
    ['كل بيئة مسجلة ترد قياساتها', 'Every registered environment reports'],
    ['استكمال برامج الرصد في كل بيئة.', 'Bring an agent to every environment.'],
  ),
  criterion(
    'E3',
    ['أنظمة تشغيل مدعومة في البيئات البالغة الأهمية', 'Supported systems where critical'],
    ['ترقية الأنظمة غير المدعومة.', 'Upgrade unsupported systems.'],
  ),
  criterion(
    'E5',
    ['عمل عن بعد بتحقق من عاملين', 'Remote access with a second factor'],
    ['إثبات التحقق بعاملين.', 'Prove the second factor.'],
  ),
  criterion(
    'E7',
    ['خارطة طريق معتمدة للسحابة', 'Approved cloud roadmap'],
    ['اعتماد خارطة الطريق.', 'Have the roadmap approved.'],
  ),
]

/** A small model of all eight dimensions, approved; its indicators are not the default model's. */
export const sampleModel: Model = {
  ...{ id: 'om-infra', version: '1.0.0', status: 'approved', targetRatio: 0.85 },
  hash: '3f5a9c0d1b7e46288a90c3d2e1f4b5a67788990011223344556677889900aabb',
  label: { ar: 'مؤشر الجاهزية الرقمية', en: 'Digital readiness index' },
  missing: {
    ...{ minAvailableRatio: 0.6667, maxNotApplicableRatio: 0.4 },
    ...{ staleMeasuredDays: 7, staleDeclaredDays: 365 },
  },
  levels: [
    level('advanced', 0.9, '#14532d', 'star', ['متقدم', 'Advanced']),
    level('above', 0.75, '#2e8b57', 'up', ['فوق المتوسط', 'Above average']),
    level('average', 0.5, '#d9a400', 'equal', ['متوسط', 'Average']),
    level('below', 0.25, '#c0392b', 'down', ['أقل من المتوسط', 'Below average']),
    level('low', 0, '#6b1a12', 'stop', ['متدنٍّ', 'Low']),
  ],
  dimensions,
  enabled,
}

/** The same before anybody approved it. */
export const draftModel: Model = { ...sampleModel, status: 'draft' }

function level(
  id: string,
  minRatio: number,
  color: string,
  icon: 'star' | 'up' | 'equal' | 'down' | 'stop',
  label: Labels,
) {
  return { id, minRatio, color, icon, label: both(label) }
}
