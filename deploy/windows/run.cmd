@echo off
rem What the task at boot runs. The log of the run before is kept; older ones are not.
set "ISTIMRAR_DATA=%ProgramData%\Istimrar"
rem Threads for names: Node reads this only from outside.
set "UV_THREADPOOL_SIZE=16"
set "LOG=%ISTIMRAR_DATA%\log\agent.log"
if exist "%LOG%" move /y "%LOG%" "%LOG%.before" >nul
"%~dp0node.exe" --jitless --max-semi-space-size=1 --heap-growing-percent=20 --optimize-for-size --expose-gc "%~dp0agent.cjs" run --config "%ISTIMRAR_DATA%\agent.yaml" --dir "%ISTIMRAR_DATA%\agent-data" >"%LOG%" 2>&1
exit /b %ERRORLEVEL%
