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
want git git
want openssl openssl
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || want initdb postgresql
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
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
