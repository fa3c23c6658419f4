#Requires -Version 5.1
<#
A start-up script of a computer's group policy: installs or upgrades the Istimrar agent from a share
and joins with a capped token. It runs as SYSTEM at each start, and does nothing when nothing is new.
README.md beside it tells the steps.
#>
param(
    # Holds what the archive for Windows was unpacked to; readable by Domain Computers.
    [string] $Share = '\\files.example.om\istimrar',
    [string] $Collector = 'https://istimrar.example.om',
    [string] $TokenFile = '\\files.example.om\istimrar-token\token'
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$program = Join-Path $env:ProgramFiles 'Istimrar Agent'
$identity = Join-Path $env:ProgramData 'Istimrar\agent-data\identity.json'
$log = Join-Path $env:SystemRoot 'Temp\istimrar-install.log'

function Get-Sum([string] $folder) {
    $file = Join-Path $folder 'cli.cjs'
    if (Test-Path $file) { (Get-FileHash -Algorithm SHA256 -Path $file).Hash } else { '' }
}

if ((Test-Path $identity) -and ((Get-Sum $program) -eq (Get-Sum $Share))) { exit 0 }

$powershell = Join-Path $env:SystemRoot 'System32\WindowsPowerShell\v1.0\powershell.exe'
$arguments = @('-NoProfile', '-ExecutionPolicy', 'Bypass', '-File', (Join-Path $Share 'install.ps1'),
    '-Collector', $Collector)
# A host that has joined needs no token, and the share with the token may be gone by then.
if (-not (Test-Path $identity)) { $arguments += @('-TokenFile', $TokenFile) }
# A warning of the agent is no reason to stop.
$ErrorActionPreference = 'Continue'
& $powershell @arguments *> $log
exit $LASTEXITCODE
