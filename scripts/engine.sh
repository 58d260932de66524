# shellcheck shell=bash
# A Docker engine that answers. Needs host.sh.

engine_log=${ENGINE_LOG:-/var/log/dockerd.log}
engine_run=${ENGINE_RUN:-/var/run}

# Whether the engine that the docker command is set to answers; what it said otherwise is in `engine_answer`.
engine_answers() {
  command -v docker >/dev/null 2>&1 || { engine_answer="there is no 'docker' command"; return 1; }
  engine_answer=$(docker version --format '{{.Server.Version}}' 2>&1)
}

# Whether the user has chosen an engine other than this machine's own: then it is theirs to install and to start.
engine_is_chosen() {
  engine_choice=${DOCKER_HOST:-}
  [ -z "$engine_choice" ] || return 0
  engine_choice=${DOCKER_CONTEXT:-$(docker context inspect --format '{{.Name}}' 2>/dev/null || true)}
  case $engine_choice in '' | default) return 1 ;; esac
  engine_choice="the context '$engine_choice'"
}

ensure_engine() {
  engine_answers && return 0
  if engine_is_chosen; then
    fail 3 "The Docker engine at $engine_choice, which the docker command is set to, does not answer." \
      "It said: $engine_answer" "Start it, or unset DOCKER_HOST and DOCKER_CONTEXT to use this machine's own."
  fi
  case $engine_answer in
    *'permission denied'*)
      fail 3 "A Docker engine runs here, but $(id -un) may not use it." \
        "Let an administrator run: sudo usermod -aG docker $(id -un)" "Then log in again. (Who is in the group 'docker' can become root.)"
      ;;
  esac
  can_install || fail_without_engine
  if ! command -v dockerd >/dev/null 2>&1 || ! command -v docker >/dev/null 2>&1; then
    install_packages "the Docker engine: none answers here" docker.io
    # From Debian 13 on the command is a package of its own.
    command -v docker >/dev/null 2>&1 || install_packages "the docker command" docker-cli
    if wait_for_engine 3; then return; fi
  fi
  start_engine
}

fail_without_engine() {
  if command -v dockerd >/dev/null 2>&1; then
    fail 3 "The Docker engine is installed but does not answer. Start it: sudo systemctl start docker (or: sudo service docker start)"
  fi
  fail 3 "No Docker engine answers, and one of version 20.10 or newer is needed." \
    "On Debian or Ubuntu: sudo apt-get install docker.io && sudo usermod -aG docker $(id -un), then log in again." \
    "On macOS or Windows: install and start Docker Desktop (or Colima, or Rancher Desktop)." \
    "Another machine's engine: set DOCKER_HOST."
}

start_engine() {
  say "Starting the Docker engine …"
  local attempt
  # A second attempt is for one that was just being ended when the first was made.
  for attempt in 1 2; do
    if engine_process_lives docker.pid dockerd && wait_for_engine 30; then return; fi
    remove_stale_pid_files
    if start_service && wait_for_engine 20; then return; fi
    [ ! -d /run/systemd/system ] || continue
    # By hand, in a session of its own: it must outlive this command.
    setsid dockerd >>"$engine_log" 2>&1 </dev/null &
    if wait_for_engine 60 $!; then
      say "It runs in the background; its log is '$engine_log'."
      return
    fi
  done
  tail -n 15 "$engine_log" >&2 2>/dev/null || true
  fail 3 "" "The Docker engine was started and does not answer: $engine_answer" \
    "Look at its log ('$engine_log', or: journalctl -u docker), start it, then run this again."
}

# engine_process_lives PID-FILE NAME -- whether the process that the file names lives and is the one it was written for
engine_process_lives() {
  local pid name state
  read -r pid 2>/dev/null <"$engine_run/$1" || [ -n "${pid:-}" ] || return 1
  read -r _ name state _ 2>/dev/null <"/proc/$pid/stat" || return 1
  case "$name $state" in "($2) Z" | "($2) X") return 1 ;; "($2) "*) return 0 ;; *) return 1 ;; esac
}

# An engine that was ended hard leaves its pid files behind. The next one believes them when another process has that
# number by now, or when nobody has waited for the dead one yet; then it refuses to start, or waits for what is not there.
remove_stale_pid_files() {
  engine_process_lives docker.pid dockerd || rm -f "$engine_run/docker.pid"
  engine_process_lives docker-ssd.pid dockerd || rm -f "$engine_run/docker-ssd.pid"
  engine_process_lives docker/containerd/containerd.pid containerd || rm -f "$engine_run/docker/containerd/containerd.pid"
}

start_service() {
  if [ -d /run/systemd/system ]; then
    systemctl start docker >/dev/null 2>&1
  elif [ -x /etc/init.d/docker ] && command -v service >/dev/null 2>&1; then
    service docker start >/dev/null 2>&1
  else
    return 1
  fi
}

# wait_for_engine SECONDS [PID] -- no longer than the process lives
wait_for_engine() {
  local deadline=$((SECONDS + $1))
  until engine_answers; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    if [ -n "${2:-}" ] && ! kill -0 "$2" 2>/dev/null; then
      engine_answers
      return
    fi
    sleep 0.3
  done
}
