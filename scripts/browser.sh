# shellcheck shell=bash
# A browser for the dashboard's test. Needs host.sh.

browser_is_there() {
  local name
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}

ensure_browser() {
  if browser_is_there; then return; fi
  if can_install; then
    install_packages "a browser, for the dashboard's test" chromium
  else
    say "There is no Chromium, which the dashboard's test uses. On Debian or Ubuntu: sudo apt-get install chromium"
  fi
}
