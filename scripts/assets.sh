#!/bin/sh
# Rebuild assets/vendor and tests/browser/vendor from the npm packages that scripts/assets/package-lock.json pins.
set -eu
command -v npm >/dev/null || { echo "npm is needed to rebuild the assets. Type: sudo apt-get install nodejs npm" >&2; exit 1; }
root=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp scripts/assets/* "$folder"
cd "$folder"
npm ci --silent --no-audit --no-fund
node build.mjs "$root"
