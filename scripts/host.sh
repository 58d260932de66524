# shellcheck shell=bash
# What the scripts say, and what they may do to this machine.

# Where nothing is said of the language, as in a bare container, Java would take no file name but a plain one.
[ -n "${LC_ALL:-}${LC_CTYPE:-}${LANG:-}" ] || export LC_CTYPE=C.UTF-8

say() { printf '%s\n' "$@" >&2; }

# fail CODE LINES... -- the codes are those of the launcher: 1 internal, 3 no engine
fail() {
  local code=$1
  shift
  say "$@"
  exit "$code"
}

# Whether packages can be installed here without asking anybody: root on Debian, Ubuntu or a child of theirs.
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# install_packages PURPOSE PACKAGE...
install_packages() {
  local purpose=$1 log
  shift
  say "Installing $* from the distribution ($purpose) …"
  log=$(mktemp)
  # Images such as debian:bookworm-slim are without it, and Java's packages fail then.
  mkdir -p /usr/share/man/man1 2>/dev/null || true
  if ! { apt_get install "$@" || { apt_get update && apt_get install "$@"; }; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    fail 1 "" "apt-get cannot install $*. Check that this machine reaches its package mirror (apt-get update), then run this again."
  fi
  rm -f "$log"
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=600 --no-install-recommends "$@"
}

# download URL FILE
download() {
  if command -v curl >/dev/null; then
    curl --silent --fail --location --connect-timeout 4 \
      --speed-time 15 --speed-limit 1000 --output "$2" "$1"
  elif command -v wget >/dev/null; then
    wget --quiet --tries=1 --connect-timeout=4 --read-timeout=15 --output-document="$2" "$1"
  else
    return 1
  fi
}
