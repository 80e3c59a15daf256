@echo off
rem The tokentray command of the packaged application. Add this folder to the PATH of cmd and PowerShell.
rem A script waits for a program without a console of its own, and Electron writes to the script's console.
rem There is no tokentray.ps1: PowerShell would prefer it, and Windows blocks scripts by default.
setlocal DisableDelayedExpansion
set ELECTRON_NO_ATTACH_CONSOLE=
if not exist "%~dp0..\..\Tokentray.exe" echo Tokentray is not where this command expects it: two folders above "%~dp0". >&2 & exit /b 69
"%~dp0..\..\Tokentray.exe" --tokentray-cli -- %*
