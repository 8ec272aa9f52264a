#!/usr/bin/env bash
# Builds and tests everything: ./build.sh [--target=Test|Pack|Fuzz|…] [--engine=sqlite|…] [--filter=…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# No compiler or build node outlives the build.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

dotnet tool restore
dotnet cake "$@"
