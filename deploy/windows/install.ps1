#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
Installs the Istimrar agent, or upgrades it. Harmless to repeat.
.DESCRIPTION
Copies the programs to Program Files, gives the data folder to LOCAL SERVICE, proposes agent.yaml
where there is none, joins with a token where it has not joined, and registers a task that starts
the agent with Windows. Accounts are named by their well-known numbers, so that the language of
Windows does not matter. Exit status: 0 done, 1 failed, 3 an administrator of the ministry has to
approve this agent first.
.PARAMETER Collector
Where to report, such as https://istimrar.example.om; needed where there is no agent.yaml.
.PARAMETER TokenFile
The file that holds the enrolment token; needed where this host has not joined yet.
.PARAMETER Config
An agent.yaml of your own, copied where there is none yet.
.PARAMETER InitArguments
More for "istimrar-agent init", such as -InitArguments '--name','web-1'.
.PARAMETER NoTask
Registers no task; for those who run it as a service by WinSW.
#>
[CmdletBinding()]
param(
    [string] $Collector,
    [string] $TokenFile,
    [string] $Config,
    [string[]] $InitArguments = @(),
    [switch] $NoTask
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$taskName = 'Istimrar agent'
$program = Join-Path $env:ProgramFiles 'Istimrar Agent'
$data = Join-Path $env:ProgramData 'Istimrar'
$agentData = Join-Path $data 'agent-data'
$log = Join-Path $data 'log'
$agentYaml = Join-Path $data 'agent.yaml'
$node = Join-Path $program 'node.exe'
$agent = Join-Path $program 'agent.cjs'
$administrators = '*S-1-5-32-544'
$system = '*S-1-5-18'
$localService = '*S-1-5-19'

function Invoke-Checked([string] $file, [string[]] $arguments) {
    & $file @arguments
    if ($LASTEXITCODE -ne 0) { throw "$file ended with $LASTEXITCODE." }
}

# Nothing is inherited: only those who are named.
function Set-Access([string] $path, [string] $rightsOfAgent) {
    Invoke-Checked 'icacls.exe' @($path, '/inheritance:r', '/grant:r',
        "${system}:(OI)(CI)F", "${administrators}:(OI)(CI)F",
        "${localService}:(OI)(CI)$rightsOfAgent", '/Q')
}

$before = Get-ScheduledTask -TaskName $taskName -ErrorAction SilentlyContinue
if ($before) {
    Stop-ScheduledTask -TaskName $taskName
}
# The file node.exe stays locked until the agent has ended; it may be killed at any time.
Get-Process -Name node -ErrorAction SilentlyContinue |
    Where-Object { $_.Path -eq $node } |
    ForEach-Object { Stop-Process -Id $_.Id -Force; $_.WaitForExit() }

New-Item -ItemType Directory -Force -Path $program, $data, $agentData, $log | Out-Null
# The agent reads what it is told to watch, and writes into its own folders only.
Set-Access $data 'RX'
Set-Access $agentData 'M'
Set-Access $log 'M'
$source = (Resolve-Path $PSScriptRoot).Path
if ($source -ne $program) {
    Copy-Item -Path (Join-Path $source '*') -Destination $program -Recurse -Force
}

if (-not (Test-Path $agentYaml)) {
    if ($Config) {
        Copy-Item -Path $Config -Destination $agentYaml
    } elseif ($Collector) {
        Invoke-Checked $node (@($agent, 'init', '--collector', $Collector, '--config', $agentYaml) +
            $InitArguments)
    } else {
        throw "There is no $agentYaml. Say -Collector https://... to have one proposed, or -Config FILE."
    }
}

if (-not (Test-Path (Join-Path $agentData 'identity.json'))) {
    if (-not $TokenFile) { throw 'This host has not joined yet. Say -TokenFile FILE.' }
    & $node $agent enrol --config $agentYaml --dir $agentData --token-file $TokenFile
    if ($LASTEXITCODE -eq 3) { exit 3 }
    if ($LASTEXITCODE -ne 0) { throw "istimrar-agent enrol ended with $LASTEXITCODE." }
}

if (-not $NoTask) {
    $escape = [System.Security.SecurityElement]
    $xml = Get-Content -Raw -Path (Join-Path $program 'istimrar-agent.task.xml')
    $xml = $xml.Replace('@program@', $escape::Escape($program))
    $xml = $xml.Replace('@cmd@', $escape::Escape((Join-Path $env:SystemRoot 'System32\cmd.exe')))
    Register-ScheduledTask -TaskName $taskName -Xml $xml -Force | Out-Null
    Start-ScheduledTask -TaskName $taskName
}
Write-Output "Installed. Commands: `"$program\istimrar-agent.cmd`" status"
exit 0
