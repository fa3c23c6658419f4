#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
Removes the Istimrar agent and leaves nothing: no task, no service, no program, no data, no key.
.PARAMETER KeepData
Keeps agent.yaml, the key and what was not sent yet, for a later installation.
#>
[CmdletBinding()]
param([switch] $KeepData)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$taskName = 'Istimrar agent'
$program = Join-Path $env:ProgramFiles 'Istimrar Agent'
$data = Join-Path $env:ProgramData 'Istimrar'
$node = Join-Path $program 'node.exe'

if (Get-ScheduledTask -TaskName $taskName -ErrorAction SilentlyContinue) {
    Stop-ScheduledTask -TaskName $taskName
    Unregister-ScheduledTask -TaskName $taskName -Confirm:$false
}
$service = Join-Path $program 'istimrar-agent.winsw.exe'
if ((Test-Path $service) -and (Get-Service -Name 'istimrar-agent' -ErrorAction SilentlyContinue)) {
    & $service stop
    & $service uninstall
}
Get-Process -Name node -ErrorAction SilentlyContinue |
    Where-Object { $_.Path -eq $node } |
    ForEach-Object { Stop-Process -Id $_.Id -Force; $_.WaitForExit() }

# This script may lie in the folder that it removes; PowerShell has read it already.
Set-Location $env:SystemRoot
if (Test-Path $program) { Remove-Item -Path $program -Recurse -Force }
if (-not $KeepData -and (Test-Path $data)) { Remove-Item -Path $data -Recurse -Force }

$kept = if ($KeepData) { @($data) } else { @() }
$left = @($program, $data) | Where-Object { (Test-Path $_) -and ($kept -notcontains $_) }
if ($left) { throw "Not removed: $($left -join ', ')" }
if ($KeepData) { Write-Output "Removed. Kept: $data" } else { Write-Output 'Removed; nothing is left.' }
exit 0
