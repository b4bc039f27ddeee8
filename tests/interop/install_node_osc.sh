#!/bin/sh
# Installs the OSC receiver of another language that tests/interop reads our datagrams with (needs node >= 20 and npm).
# Usage: install_node_osc.sh [FOLDER], by default build/node-osc in the project, where the tests look for it.
set -eu
HERE="$(cd "$(dirname "$0")" && pwd)"
FOLDER="${1:-${MEGADANCE_NODE_OSC:-$HERE/../../build/node-osc}}"
mkdir -p "$FOLDER"
npm install --prefix "$FOLDER" --no-save --no-fund --no-audit --loglevel=error node-osc@11.7.1
