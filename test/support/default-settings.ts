/** The settings of a policy.yaml with the defaults of the methodology. */
export const defaultSettings = {
  timezone: 'Asia/Muscat',
  cycleMonths: { april: 10, october: 4 },
  continuityTargetRatio: 0.95,
  maintenanceNoticeHours: 48,
  maintenanceQuotaMinutes: 1_440,
  maintenanceGapPoints: 1,
  freezeDays: 10,
  criticalityWeights: { critical: 4, important: 2, supporting: 1 },
  degradedCountsAsUp: true,
  nationalAggregation: 'pooled',
  publicNeedsWitnesses: false,
  minimumProfile: {
    public: [['host'], ['http', 'tls', 'tcp']],
    internal: [['host']],
    link: [['link', 'tcp']],
  },
  setUpDays: 7,
  sealMinutes: 10,
  centreShareMaxRatio: 0.01,
  scopeStart: 'registration',
  joinerDenominator: 'in_scope',
} as const
