import type { Command } from '../child.ts'

/**
 * All that facts ask of a Windows host, in one go, for Windows PowerShell 5.1. It reads and changes
 * nothing, goes to no network (updates are those the host itself found last), and nothing of the
 * host is ever put into its text. Only numbers, dates in UTC and names that no language changes are
 * told, because on an Arabic Windows the tools speak Arabic. Each section answers by itself:
 * `{ok: value}`, or `{error: code}` with no text of the system, which might name people or paths.
 *
 * It stands here without one double quote, so that a command line carries it as it is and an
 * administrator finds it readable in the log of started processes.
 */
export const windowsScript = String.raw`
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$plain = [Globalization.CultureInfo]::InvariantCulture
try { [Threading.Thread]::CurrentThread.CurrentCulture = $plain } catch { }
try { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false } catch { }
$told = [ordered]@{ v = 1; mode = [string]$ExecutionContext.SessionState.LanguageMode }
function Utc($date) {
  if ($null -eq $date) { return $null }
  return ([datetime]$date).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffZ', $plain)
}
function Number($value) {
  if ($null -eq $value) { return $null }
  return [double]$value
}
function Code($fault) {
  $cause = $fault.Exception
  while ($cause.InnerException) { $cause = $cause.InnerException }
  $hex = '{0:x8}' -f $cause.HResult
  $native = [string]$cause.NativeErrorCode
  $id = [string]$fault.FullyQualifiedErrorId
  if ($cause -is [UnauthorizedAccessException]) { return 'access_denied' }
  if ($cause -is [Security.SecurityException]) { return 'access_denied' }
  if ($native -eq 'AccessDenied') { return 'access_denied' }
  if ($hex -eq '80070005' -or $hex -eq '80041003') { return 'access_denied' }
  if ($native -like 'Invalid*' -or $native -eq 'NotFound') { return 'not_there' }
  if ($hex -eq '80041010' -or $hex -eq '8004100e') { return 'not_there' }
  if ($hex -eq '80040154' -or $id -like 'PathNotFound*') { return 'not_there' }
  return 'failed'
}
function Tell($name, $ask) {
  try { $told[$name] = @{ ok = (& $ask) } } catch { $told[$name] = @{ error = (Code $_) } }
}
function Cim($class, $namespace) {
  if (-not $namespace) { $namespace = 'root/cimv2' }
  return @(Get-CimInstance -ClassName $class -Namespace $namespace -OperationTimeoutSec 15)
}
function Fixed {
  return @(Cim 'Win32_LogicalDisk' | Where-Object { $_.DriveType -eq 3 -and $_.Size })
}
function Registry($path) { return Get-ItemProperty -LiteralPath ('HKLM:\' + $path) }
Tell 'os' {
  $os = (Cim 'Win32_OperatingSystem')[0]
  $version = Registry 'SOFTWARE\Microsoft\Windows NT\CurrentVersion'
  @{
    caption = [string]$os.Caption
    build = (Number $os.BuildNumber)
    revision = (Number $version.UBR)
    release = [string]$version.DisplayVersion
    edition = [string]$version.EditionID
    productType = (Number $os.ProductType)
    bootedAt = (Utc $os.LastBootUpTime)
  }
}
Tell 'machine' {
  $system = (Cim 'Win32_ComputerSystem')[0]
  $bios = (Cim 'Win32_BIOS')[0]
  $case = (Cim 'Win32_SystemEnclosure')[0]
  @{
    manufacturer = [string]$system.Manufacturer
    model = [string]$system.Model
    hypervisor = [bool]$system.HypervisorPresent
    domain = [bool]$system.PartOfDomain
    biosVendor = [string]$bios.Manufacturer
    biosVersion = [string]$bios.SMBIOSBIOSVersion
    biosAt = (Utc $bios.ReleaseDate)
    azure = ([string]$case.SMBIOSAssetTag -eq '7783-7084-3265-9085-8269-3286-77')
    chassis = @($case.ChassisTypes | ForEach-Object { [int]$_ })
  }
}
Tell 'volumes' {
  @{ list = @(Fixed | ForEach-Object {
    @{
      id = [string]$_.DeviceID
      fileSystem = [string]$_.FileSystem
      bytes = (Number $_.Size)
      freeBytes = (Number $_.FreeSpace)
    }
  }) }
}
Tell 'disks' {
  @{ list = @(Cim 'MSFT_PhysicalDisk' 'root/Microsoft/Windows/Storage' | ForEach-Object {
    @{
      bus = (Number $_.BusType)
      media = (Number $_.MediaType)
      health = (Number $_.HealthStatus)
    }
  }) }
}
Tell 'virtualDisks' {
  @{ list = @(Cim 'MSFT_VirtualDisk' 'root/Microsoft/Windows/Storage' | ForEach-Object {
    @{ health = (Number $_.HealthStatus) }
  }) }
}
Tell 'smart' {
  @{ list = @(Cim 'MSStorageDriver_FailurePredictStatus' 'root/wmi' | ForEach-Object {
    @{ failing = [bool]$_.PredictFailure }
  }) }
}
Tell 'events' {
  $ids = 'EventID=41 or EventID=1074 or EventID=6005 or EventID=6006 or EventID=6008'
  $recent = 'TimeCreated[timediff(@SystemTime) <= 16416000000]'
  $query = '*[System[(' + $ids + ') and ' + $recent + ']]'
  $found = @()
  try {
    $found = @(Get-WinEvent -LogName 'System' -FilterXPath $query -MaxEvents 2000)
  } catch {
    if ([string]$_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw }
  }
  $first = @(Get-WinEvent -LogName 'System' -Oldest -MaxEvents 1)[0]
  $makers = 'Microsoft-Windows-Kernel-Power', 'EventLog', 'User32'
  @{
    oldestAt = (Utc $first.TimeCreated)
    list = @($found | Where-Object { $_.ProviderName -in $makers } | ForEach-Object {
      @{ id = [int]$_.Id; at = (Utc $_.TimeCreated) }
    })
  }
}
Tell 'updates' {
  $results = (New-Object -ComObject 'Microsoft.Update.AutoUpdate').Results
  $searcher = (New-Object -ComObject 'Microsoft.Update.Session').CreateUpdateSearcher()
  $searcher.Online = $false
  $found = $searcher.Search('IsInstalled=0 and IsHidden=0').Updates
  @{
    searchedAt = (Utc $results.LastSearchSuccessDate)
    installedAt = (Utc $results.LastInstallationSuccessDate)
    list = @($found | ForEach-Object {
      @{
        severity = [string]$_.MsrcSeverity
        at = (Utc $_.LastDeploymentChangeTime)
        categories = @($_.Categories | ForEach-Object { [string]$_.CategoryID })
      }
    })
  }
}
Tell 'hotfixes' {
  @{ list = @(Cim 'Win32_QuickFixEngineering' | ForEach-Object {
    @{ installedOn = [string]$_.CimInstanceProperties['InstalledOn'].Value }
  }) }
}
Tell 'firewall' {
  $policy = New-Object -ComObject 'HNetCfg.FwPolicy2'
  @{
    current = [int]$policy.CurrentProfileTypes
    running = ([int](Get-Service -Name 'mpssvc').Status -eq 4)
    list = @(1, 2, 4 | ForEach-Object {
      @{
        profile = $_
        on = [bool]$policy.FirewallEnabled($_)
        inbound = [int]$policy.DefaultInboundAction($_)
      }
    })
  }
}
Tell 'defender' {
  $status = (Cim 'MSFT_MpComputerStatus' 'root/Microsoft/Windows/Defender')[0]
  @{
    mode = [string]$status.AMRunningMode
    service = [bool]$status.AMServiceEnabled
    antivirus = [bool]$status.AntivirusEnabled
    realTime = [bool]$status.RealTimeProtectionEnabled
    signaturesAt = (Utc $status.AntivirusSignatureLastUpdated)
  }
}
Tell 'antivirus' {
  @{ list = @(Cim 'AntiVirusProduct' 'root/SecurityCenter2' | ForEach-Object {
    @{ name = [string]$_.displayName; state = (Number $_.productState) }
  }) }
}
Tell 'services' {
  $names = @(
    'CcmExec', 'IntuneManagementExtension', 'puppet', 'salt-minion', 'chef-client',
    'CSFalconService', 'SentinelAgent', 'ekrn', 'AVP*', 'SepMasterService', 'mfemms',
    'ds_agent', 'ntrtscan', 'EPSecurityService', 'Sophos Endpoint Defense Service', 'xagt',
    'CylanceSvc', 'cyserver'
  )
  @{ list = @(Get-Service -Name $names -ErrorAction SilentlyContinue | ForEach-Object {
    @{ name = [string]$_.Name; state = [int]$_.Status }
  }) }
}
Tell 'policies' {
  $group = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy'
  $applied = $group + '\State\Machine\GPO-List'
  if (-not (Test-Path -LiteralPath $applied)) { return @{ domain = 0 } }
  $all = @(Get-ChildItem -LiteralPath $applied)
  @{ domain = @($all | Where-Object { [string]$_.GetValue('GPOName') -like '{*' }).Count }
}
Tell 'secureBoot' {
  $path = 'SYSTEM\CurrentControlSet\Control\SecureBoot\State'
  if (-not (Test-Path -LiteralPath ('HKLM:\' + $path))) { return @{ on = $false; uefi = $false } }
  @{ on = ([int](Registry $path).UEFISecureBootEnabled -eq 1); uefi = $true }
}
Tell 'accessControl' {
  $path = 'SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
  @{ on = ([int](Registry $path).EnableLUA -eq 1) }
}
Tell 'encryption' {
  $shell = New-Object -ComObject 'Shell.Application'
  $drive = [string](Cim 'Win32_OperatingSystem')[0].SystemDrive
  @{ list = @(Fixed | ForEach-Object {
    $folder = $shell.NameSpace([string]$_.DeviceID + '\').Self
    @{
      system = ([string]$_.DeviceID -eq $drive)
      protection = (Number $folder.ExtendedProperty('System.Volume.BitLockerProtection'))
    }
  }) }
}
Tell 'time' {
  $settings = Registry 'SYSTEM\CurrentControlSet\Services\W32Time\Parameters'
  $log = 'Microsoft-Windows-Time-Service/Operational'
  $last = $null
  try {
    $last = @(Get-WinEvent -LogName $log -FilterXPath '*[System[EventID=260]]' -MaxEvents 1)[0]
  } catch { }
  $status = $null
  if ($last) {
    $data = @{}
    foreach ($each in ([xml]$last.ToXml()).Event.EventData.Data) {
      $data[[string]$each.Name] = [string]$each.'#text'
    }
    $status = @{
      at = (Utc $last.TimeCreated)
      leap = [string]$data['LeapIndicator']
      stratum = [string]$data['Stratum']
      offset = [string]$data['PhaseOffset']
    }
  }
  @{
    type = [string]$settings.Type
    servers = [string]$settings.NtpServer
    running = ([int](Get-Service -Name 'W32Time').Status -eq 4)
    status = $status
  }
}
Tell 'batteries' {
  @{ list = @(Cim 'Win32_Battery' | ForEach-Object {
    @{ status = (Number $_.BatteryStatus); minutes = (Number $_.EstimatedRunTime) }
  }) }
}
$json = ConvertTo-Json -InputObject $told -Compress -Depth 6
$escape = { param($found) '\u' + ([int][char]$found.Value).ToString('x4') }
try { $json = [regex]::Replace($json, '[^\x20-\x7e]', $escape) } catch { }
try { [Console]::Out.WriteLine($json) } catch { Write-Output $json }
`.trim()

/** How the script is run: no profile, no question, no window. */
export const windowsCommand: Command = {
  file: 'powershell.exe',
  args: [
    '-NoLogo',
    '-NoProfile',
    '-NonInteractive',
    '-ExecutionPolicy',
    'Bypass',
    '-Command',
    windowsScript,
  ],
}
