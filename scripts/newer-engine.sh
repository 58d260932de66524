# shellcheck shell=bash
# A Docker engine that is newer than the one installed, for the test of one: Debian 13's, unpacked and not installed. Needs
# host.sh, and an engine to get it with.

newer_engine=${XDG_CACHE_HOME:-$HOME/.cache}/withstack/engine

newer_engine_is_there() { [ -x "$newer_engine/usr/sbin/dockerd" ]; }

# Unpack it into the cache, by way of the offline image of that Debian.
ensure_newer_engine() {
  local container
  if newer_engine_is_there; then return; fi
  if ! docker image inspect offline/debian:trixie >/dev/null 2>&1; then
    say "There is no newer Docker engine, so the test of one is left out."
    return
  fi
  say "Fetching Debian 13's Docker engine …"
  container=$(docker create offline/debian:trixie bash -c 'mkdir /fetch && cd /fetch && chmod 777 . && apt-get -qq update \
    && apt-get -qq download docker.io containerd && for file in *.deb; do dpkg-deb -x "$file" unpacked; done')
  if docker start --attach "$container" >&2; then
    mkdir -p "$newer_engine"
    docker cp "$container:/fetch/unpacked/usr" "$newer_engine" >&2 || true
  fi
  docker rm "$container" >/dev/null
}
