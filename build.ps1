#!/usr/bin/env pwsh
# Builds and tests everything: ./build.ps1 [--target=Test|Pack|Fuzz|…] [--engine=sqlite|…] [--filter=…]
$ErrorActionPreference = 'Stop'
Push-Location $PSScriptRoot

# No compiler or build node outlives the build.
$env:MSBUILDDISABLENODEREUSE = '1'; $env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'; $env:UseSharedCompilation = 'false'
$env:DOTNET_NOLOGO = '1'; $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'

try {
    dotnet tool restore
    if ($LASTEXITCODE -eq 0) { dotnet cake @args }
}
finally {
    Pop-Location
}
exit $LASTEXITCODE
