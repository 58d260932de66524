# shellcheck shell=bash
# A Docker Compose 2, to compare with and to try exports on. Needs host.sh, and an engine for the last way to get one.

compose_cached=${XDG_CACHE_HOME:-$HOME/.cache}/withstack/compose/docker-compose

# Print the command, if there is one: on the PATH, as docker's plugin, or in the cache.
compose_command() {
  if docker-compose version 2>/dev/null | grep -q ' v\?2\.'; then
    echo docker-compose
  elif docker compose version >/dev/null 2>&1; then
    echo 'docker compose'
  elif [ -x "$compose_cached" ]; then
    echo "$compose_cached"
  fi
}

compose_is_there() { [ -n "$(compose_command)" ]; }

# Unpack Debian 13's into the cache, by way of the offline image of that Debian: an older Debian has none.
ensure_compose() {
  local container
  if compose_is_there; then return; fi
  if ! docker image inspect offline/debian:trixie >/dev/null 2>&1; then
    say "There is no Docker Compose 2, so what is tried on it or compared with it is left out. Install it as docker's plugin:" \
      "  https://docs.docker.com/compose/install/linux/"
    return
  fi
  say "Fetching Debian's Docker Compose …"
  mkdir -p "${compose_cached%/*}"
  container=$(docker create offline/debian:trixie bash -c 'mkdir /fetch && cd /fetch && chmod 777 . && apt-get -qq update \
    && apt-get -qq download docker-compose && dpkg-deb -x docker-compose*.deb unpacked')
  if docker start --attach "$container" >&2; then
    docker cp "$container:/fetch/unpacked/usr/libexec/docker/cli-plugins/docker-compose" "$compose_cached" >&2 || true
  fi
  docker rm "$container" >/dev/null
}
