@echo off
rem The tokentray command of the packaged application: put this folder on the PATH, for cmd and PowerShell alike.
rem A script waits for a program without a console of its own, and Electron writes to the console it came from.
rem No tokentray.ps1 beside it: PowerShell would prefer that, and Windows refuses scripts unless told otherwise.
setlocal DisableDelayedExpansion
set ELECTRON_NO_ATTACH_CONSOLE=
if not exist "%~dp0..\..\Tokentray.exe" echo Tokentray is not where this command expects it: two folders above "%~dp0". >&2 & exit /b 69
"%~dp0..\..\Tokentray.exe" --tokentray-cli -- %*
