/** What one PowerShell script tells of a Windows host. */
export type WindowsReport = Readonly<Record<string, unknown>>
