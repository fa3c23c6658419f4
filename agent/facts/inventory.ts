/** What systeminformation tells of the machine, as far as facts use it; '' where unknown. */
export type Inventory = {
  readonly manufacturer: string
  readonly model: string
  readonly virtual: boolean
  readonly virtualHost: string
  readonly biosVendor: string
  readonly biosDate: string
  readonly chassis: string
  readonly disks: readonly {
    readonly name: string
    readonly kind: string
    /** `Ok`, `Predicted Failure`, `unknown` … as the system words it. */
    readonly smart: string
  }[]
}
