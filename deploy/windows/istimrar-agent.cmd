@echo off
rem The agent's commands. Run it from a console of an administrator.
setlocal
if not defined ISTIMRAR_AGENT_CONFIG set "ISTIMRAR_AGENT_CONFIG=%ProgramData%\Istimrar\agent.yaml"
if not defined ISTIMRAR_AGENT_DIR set "ISTIMRAR_AGENT_DIR=%ProgramData%\Istimrar\agent-data"
"%~dp0node.exe" "%~dp0agent.cjs" %*
exit /b %ERRORLEVEL%
