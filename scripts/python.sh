# shellcheck shell=bash
# A Python for Integrador's services and the tests of them. Needs host.sh.

seconds_for_index=${SECONDS_FOR_INDEX:-8}

has_packages() {
  command -v "$1" >/dev/null 2>&1 && "$1" -c 'import ensurepip, fastapi, uvicorn, websockets, redis, psycopg' >/dev/null 2>&1
}

python_is_there() { has_packages /usr/bin/python3 || has_packages python3; }

ensure_python() {
  if python_is_there; then return; fi
  if can_install; then
    install_packages "Python's packages for Integrador" \
      python3-venv python3-fastapi python3-uvicorn python3-websockets python3-redis python3-psycopg
  else
    say "No Python here has Integrador's packages, so the tests that need them are left out. On Debian or Ubuntu:" \
      "  sudo apt-get install python3-venv python3-fastapi python3-uvicorn python3-websockets python3-redis python3-psycopg"
  fi
}

# See that the launcher can run the services: it makes a virtual environment itself where an index of packages answers,
# and elsewhere the distribution's packages do.
ensure_python_services() {
  [ -z "${PYTHON:-}" ] || return 0
  if has_packages python3; then return; fi
  if ! has_packages /usr/bin/python3; then
    if index_answers || ! can_install; then return; fi
    ensure_python
  fi
  export PYTHON=/usr/bin/python3
}

index_answers() {
  local wheels result=0
  command -v python3 >/dev/null 2>&1 || return 1
  wheels=$(mktemp -d)
  timeout "$seconds_for_index" python3 -m pip download --quiet --no-deps --dest "$wheels" fastapi >/dev/null 2>&1 || result=1
  rm -rf "$wheels"
  return "$result"
}
