# shellcheck shell=bash
# Installs whatever Kondo needs and this machine lacks. Sourced by ./run and ./test.
#
# Three layers, each skipped when it is already there:
#   1. Debian packages        (PostgreSQL, Python's venv, fonts, wkhtmltopdf; Chromium for ./test)
#   2. Odoo 19                (Debian's odoo-19 of suite sid, unpacked into .venv/odoo, nothing system-wide)
#   3. Python packages        (requirements.txt, into .venv)
#
# Settings, all optional:
#   KONDO_ODOO=DIR     an Odoo 19 of your own (the folder that holds odoo/release.py)
#   KONDO_PYTHON=PATH  the Python (3.11 to 3.13) that builds .venv
#   PGHOST, PGPORT, PGUSER, PGPASSWORD or db_* lines of odoo.conf: a PostgreSQL of your own

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VENV="$ROOT/.venv"
ODOO_TREE="$VENV/odoo"
export PIP_DISABLE_PIP_VERSION_CHECK=1

set -Eeuo pipefail
if [ -t 2 ]; then BOLD=$'\033[1m' RED=$'\033[1;31m' PLAIN=$'\033[0m'; else BOLD='' RED='' PLAIN=''; fi
say()  { printf '%s· %s%s\n' "$BOLD" "$*" "$PLAIN" >&2; }
fail() { printf '%s%s%s\n' "$RED" "$*" "$PLAIN" >&2; exit 1; }
trap 'say "${BASH_SOURCE[0]##*/}, line $LINENO: this failed: $BASH_COMMAND"' ERR

need_writable() { [ -w "$ROOT" ] || fail "$(id -un) may not write in $ROOT, where Kondo keeps its environment and its data."; }

hold_lock() {  # hold_lock NAME: false when another command has it; held until this process, or the server it becomes, ends
  need_writable
  mkdir -p "$ROOT/var"
  exec 9>"$ROOT/var/$1.lock"
  flock --nonblock 9
}

# --------------------------------------------------------------------------- Debian packages
RUN_PACKAGES=(
  ca-certificates python3 python3-venv
  wkhtmltopdf fontconfig fonts-dejavu-core libmagic1
)
# shellcheck disable=SC2034  # ./test passes these to install_all
TEST_PACKAGES=(chromium poppler-utils)

missing_packages() {
  local name
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
  done
}

need_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -eq 0 ] && return 0
  [ "$(id -u)" -eq 0 ] || fail "Debian packages are missing: ${missing[*]}
Install them as root (apt-get install ${missing[*]}), then run this command again."
  say "Installing from Debian: ${missing[*]}"
  apt-get update -qq
  # The locale becomes the new PostgreSQL's: under plain C it would not know that É is the capital of é.
  LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 8>&- 9>&-
}

# --------------------------------------------------------------------------- PostgreSQL
conf_value() {  # conf_value KEY: the value of a key of odoo.conf, empty when it is unset or False
  sed -n "s/^$1 *= *//p" "$ROOT/odoo.conf" | tail -n 1 | grep -vix 'false' || true
}

postgres_is_given() {
  [ -n "${PGHOST:-}${PGPORT:-}${PGUSER:-}${PGSERVICE:-}$(conf_value db_host)" ]
}

export_postgres_of_conf() {  # psql, createdb and Odoo then speak to the same server
  local value
  value=$(conf_value db_host);     [ -z "$value" ] || export PGHOST="${PGHOST:-$value}"
  value=$(conf_value db_port);     [ -z "$value" ] || export PGPORT="${PGPORT:-$value}"
  value=$(conf_value db_user);     [ -z "$value" ] || export PGUSER="${PGUSER:-$value}"
  value=$(conf_value db_password); [ -z "$value" ] || export PGPASSWORD="${PGPASSWORD:-$value}"
}

wait_until() {  # wait_until SECONDS COMMAND…
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.5
  done
}

postgres_runs() { pg_lsclusters -h 2>/dev/null | grep -q online; }

postgres_answers() { psql -w -d postgres -qtAc 'SELECT 1' >/dev/null 2>&1; }

postgres_says() { psql -w -d postgres -qtAc 'SELECT 1' 2>&1 || true; }

use_its_port() { PGPORT=$(psql -w -d postgres -qtAc 'SHOW port'); export PGPORT; }  # Debian's may not be 5432

need_postgres() {
  if postgres_is_given; then
    export_postgres_of_conf
    command -v psql >/dev/null || need_packages postgresql-client
    postgres_answers || fail "The PostgreSQL given by PG* variables or odoo.conf does not answer: $(postgres_says)"
    return 0
  fi
  need_packages postgresql postgresql-client
  if ! postgres_runs; then
    [ "$(id -u)" -eq 0 ] || fail "PostgreSQL is installed but not running. Start it as root: service postgresql start"
    say "Starting PostgreSQL"
    service postgresql start >/dev/null 8>&- 9>&-
    wait_until 30 postgres_runs || true
  fi
  postgres_answers && { use_its_port; return 0; }
  [ "$(id -u)" -eq 0 ] || fail "PostgreSQL has no role for you. As root: runuser -u postgres -- createuser --createdb $(id -un)"
  say "Creating the PostgreSQL role $(id -un)"
  runuser -u postgres -- createuser --createdb "$(id -un)" 2>/dev/null || true
  wait_until 10 postgres_answers || fail "PostgreSQL does not answer: $(postgres_says)"
  use_its_port
}

# --------------------------------------------------------------------------- Odoo 19
# The package's links point to files of these; sid's newer fonts no longer have them under those names.
SID_DEBS=(odoo-19 fonts-montserrat)
RELEASE_DEBS=(libjs-jquery libjs-jquery-form libjs-underscore fonts-font-awesome
              fonts-roboto-unhinted fonts-inconsolata fonts-ocr-b)

debian_release() { (. /etc/os-release; echo "$VERSION_CODENAME"); }

# shellcheck disable=SC2016  # $(…) is apt's own notation
debian_mirrors() {  # where this system's own apt finds Debian
  apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 'Created-By: Packages' \
    | awk -F'|' -v release="$(debian_release)" '$2 == release && $3 == "main" && !seen[$1]++ {print $1}'
}

fetch_odoo() {  # download odoo-19 and what its links point to, verified by apt, and unpack them side by side
  local work release mirror suite options
  release=$(debian_release)
  work=$(mktemp -d)
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/sources" "$work/debs"
  : > "$work/status"
  for mirror in $(debian_mirrors); do
    for suite in sid "$release"; do
      echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
    done
  done > "$work/sources/debian.list"
  [ -s "$work/sources/debian.list" ] || fail "apt knows no Debian mirror (run apt-get update, or set KONDO_ODOO to an Odoo 19 of your own)."
  options=(-qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/sources"
           -o Dir::State::Lists="$work/lists" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache"
           -o Acquire::Languages=none -o APT::Sandbox::User="$(id -un)")
  say "Fetching Odoo 19 (Debian package odoo-19)"
  apt-get "${options[@]}" update
  (cd "$work/debs" && apt-get "${options[@]}" download "${SID_DEBS[@]/%//sid}" "${RELEASE_DEBS[@]/%//$release}")
  local deb
  rm -rf "$ODOO_TREE.new"
  mkdir -p "$ODOO_TREE.new"
  dpkg-deb -f "$work"/debs/odoo-19_*.deb Version > "$ODOO_TREE.new/VERSION"
  for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$ODOO_TREE.new"; done
  rm -rf "$work" "$ODOO_TREE"
  mv "$ODOO_TREE.new" "$ODOO_TREE"
}

link_odoo() {  # make `import odoo` work in the virtual environment, and let pip see that odoo 19.0 is there
  local packages=$1 site dist
  site=$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  echo "$packages" > "$site/odoo_of_kondo.pth"
  dist="$site/odoo-19.0.dist-info"
  mkdir -p "$dist"
  printf 'Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n' > "$dist/METADATA"
  printf 'kondo\n' > "$dist/INSTALLER"
  : > "$dist/RECORD"
}

need_odoo() {
  local packages
  if [ -n "${KONDO_ODOO:-}" ]; then
    packages=$KONDO_ODOO
    grep -qs "version_info = (19, 0" "$packages/odoo/release.py" || fail "KONDO_ODOO=$packages holds no Odoo 19 (odoo/release.py)."
  else
    packages="$ODOO_TREE/usr/lib/python3/dist-packages"
    [ -f "$packages/odoo/release.py" ] || fetch_odoo
    rm -rf "$packages"/odoo-*.egg-info   # it names Debian's packages, which .venv has under pip's names
  fi
  grep -qsx "$packages" "$VENV"/lib/python3*/site-packages/odoo_of_kondo.pth || link_odoo "$packages"
}

# --------------------------------------------------------------------------- Python
need_venv() {
  [ -x "$VENV/bin/python" ] && return 0
  local python=${KONDO_PYTHON:-/usr/bin/python3}
  "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
    || fail "$python is not a Python from 3.11 to 3.13 (set KONDO_PYTHON)."
  say "Creating .venv"
  "$python" -m venv "$VENV"
}

need_requirements() {
  local stamp="$VENV/requirements.sha256" sum
  sum=$(sha256sum < "$ROOT/requirements.txt")
  [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return 0
  say "Installing Python packages (requirements.txt)"
  "$VENV/bin/python" -m pip install -q --prefer-binary --use-pep517 -r "$ROOT/requirements.txt"
  echo "$sum" > "$stamp"
}

# shellcheck disable=SC2120  # ./test asks for more, ./run does not
install_all() {  # install_all [more Debian packages]
  need_writable
  mkdir -p "$ROOT/var/log"
  exec 8>"$ROOT/var/install.lock"
  flock --nonblock 8 || { say "Waiting for another installation to finish"; flock 8; }
  need_packages "${RUN_PACKAGES[@]}" "$@"
  need_postgres
  need_venv
  need_odoo
  need_requirements
  exec 8>&-
}
