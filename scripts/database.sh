# shellcheck shell=bash
# Builds and updates the databases of ./run and ./test. Sourced after install.sh.
#
# A database carries in its own ir_config_parameter what it was built from, so that it is known, whichever server
# it is on, whether the add-ons changed since. It is built under another name and takes its own when it is complete:
# what stands there under its name is whole, and a database that was not built here is never dropped.

# Not depended on, but every Kondo has them: accounting reports and bank reconciliation.
BESIDE=(account_financial_report account_reconcile_oca)

odoo() { (cd "$ROOT" && exec "$VENV/bin/python" -m odoo "$@"); }

# Commands that only prepare a database: no web server, no scheduled actions, one process.
QUIET=(--no-http --workers=0 --max-cron-threads=0 --stop-after-init)

own_modules() {  # the add-ons of this repository
  local manifest
  for manifest in "$ROOT"/addons/*/__manifest__.py; do basename "$(dirname "$manifest")"; done
}

all_modules() {  # comma-separated; KONDO_MODULES replaces the list
  local modules
  mapfile -t modules < <(own_modules)
  modules+=("${BESIDE[@]}")
  local IFS=,
  echo "${KONDO_MODULES:-${modules[*]}}"
}

addons_hash() {  # what of the add-ons reaches the database (their tests do not)
  (cd "$ROOT" && all_modules && find addons -type f -not -path '*/tests/*' -not -path '*/__pycache__/*' -print0 \
    | LC_ALL=C sort -z | xargs -0 sha256sum) | sha256sum | cut -c 1-64
}

platform_hash() {  # Odoo and the Python packages
  { cat "$ROOT/requirements.txt"; cat "$ODOO_TREE/VERSION" 2>/dev/null || true; echo "${KONDO_ODOO:-}"; } \
    | sha256sum | cut -c 1-64
}

database_exists() {
  [ "$(psql -d postgres -qtAc "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]
}

files_are_here() { [ -d "$ROOT/var/data/filestore/$1" ]; }  # another clone's database keeps its files there

get_stamp() {  # get_stamp DATABASE KEY
  psql -d "$1" -qtAc "SELECT value FROM ir_config_parameter WHERE key = 'kondo.$2'" 2>/dev/null || true
}

set_stamp() {  # set_stamp DATABASE KEY VALUE
  psql -d "$1" -qc "INSERT INTO ir_config_parameter (key, value) VALUES ('kondo.$2', '$3')
                    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
}

drop_database() {
  dropdb --if-exists --force "$1" 2>/dev/null || fail "The database $1 cannot be dropped: $(dropdb --force "$1" 2>&1)"
  rm -rf "$ROOT/var/data/filestore/$1"
}

name_database() {  # name_database BUILT NAME: replaces an older one of that name
  drop_database "$2"
  psql -d postgres -qc "ALTER DATABASE \"$1\" RENAME TO \"$2\""
  mv "$ROOT/var/data/filestore/$1" "$ROOT/var/data/filestore/$2"
}

logged() {  # logged LOG COMMAND…: its end is shown when the command fails
  local log=$1
  shift
  "$@" >>"$log" 2>&1 || fail "$(tail -n 30 "$log")

This failed: ${*:1:4}… The whole log is in ${log#"$ROOT"/}."
}

create_database() {  # create_database DATABASE LOG: in French, in Mali, with every module
  : > "$2"
  drop_database "$1"
  logged "$2" odoo db -c odoo.conf init "$1" --country ml --language fr_FR
  logged "$2" odoo -c odoo.conf -d "$1" -i "$(all_modules)" "${QUIET[@]}"
}

update_database() {  # update_database DATABASE LOG MODULES
  : > "$2"
  logged "$2" odoo -c odoo.conf -d "$1" -i "$(all_modules)" -u "$3" "${QUIET[@]}"
}
