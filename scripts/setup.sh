#!/bin/sh
# Installs what the next step needs and nothing twice: node packages, the bundles and, for `test`,
# Debian's packages where that is allowed. Usage: setup.sh build|test
set -eu
cd "$(dirname "$0")/.."
if ! [ -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo 'plimsoll: installing packages (npm ci)' >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
fi
PATH="$PWD/node_modules/.bin:$PATH"
if [ "${1:-}" = test ]; then node scripts/install-debian.ts; fi
if ! [ -e dist/cli.cjs ] || [ -n "$(find src lab scripts/build.ts package.json -newer dist/cli.cjs -type f -print -quit)" ]; then
  node scripts/build.ts >&2
fi
