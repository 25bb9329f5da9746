#!/bin/sh
# Installs what the tests need and a fresh machine may lack: browsers, PostgreSQL, node, wrk. Debian and Ubuntu, as root.
# Elsewhere it says what is missing; tests that need it then skip, but fail with CI=true.
set -u
missing=""
want() { # program, package
  command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
want chromium chromium
command -v firefox >/dev/null 2>&1 || want firefox-esr firefox-esr
want node nodejs
want npm npm
want git git
want openssl openssl
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || want initdb postgresql
if [ -z "$missing" ]; then
  :
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing:$missing"
  export DEBIAN_FRONTEND=noninteractive
  # A freshly installed PostgreSQL would start a cluster of its own; the tests start theirs.
  mkdir -p /etc/postgresql-common && grep -qs create_main_cluster /etc/postgresql-common/createcluster.conf ||
    echo "create_main_cluster = false" >>/etc/postgresql-common/createcluster.conf
  # shellcheck disable=SC2086
  { apt-get update -q && apt-get install -y -q --no-install-recommends $missing; } >/dev/null 2>&1 ||
    echo "could not install:$missing"
else
  echo "not installed:$missing (tests that need them are skipped)"
fi
# axe-core checks the accessibility of the extension's pages.
axe=tests/extension/node_modules/axe-core/axe.min.js
[ -f "$axe" ] || (cd tests/extension && npm install --silent --omit=dev) >/dev/null 2>&1

failed=""
for program in chromium node npm git openssl; do
  command -v "$program" >/dev/null 2>&1 || failed="$failed $program"
done
command -v firefox >/dev/null 2>&1 || command -v firefox-esr >/dev/null 2>&1 || failed="$failed firefox"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || failed="$failed postgresql"
[ -f "$axe" ] || failed="$failed axe-core"
[ -z "$failed" ] && exit 0
echo "missing:$failed (tests that need them are skipped; with CI=true this is an error)"
[ "${CI:-}" != true ]
