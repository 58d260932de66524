# shellcheck shell=bash
# A registry for the tests that pull, push and log in: they start it themselves, on a port of their own. Needs host.sh.

registry_is_there() { command -v docker-registry >/dev/null 2>&1; }

ensure_registry() {
  if registry_is_there; then return; fi
  if can_install; then
    install_packages "a registry, for the tests of images" docker-registry
    # where there is a systemd the package starts one for everybody, which nobody asked for
    if command -v systemctl >/dev/null 2>&1; then systemctl disable --now docker-registry >/dev/null 2>&1 || :; fi
  else
    say "There is no docker-registry, so the tests that need one are left out. On Debian or Ubuntu: sudo apt-get install docker-registry"
  fi
}
