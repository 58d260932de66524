# shellcheck shell=bash
# The images that a command's services need: from a registry where one answers, else the offline set. Needs host.sh;
# `root` is the project's directory.

registry_stamp=${XDG_CACHE_HOME:-$HOME/.cache}/withstack/registry-answered
seconds_for_registry=${SECONDS_FOR_REGISTRY:-8}

# Print for a command one line an image: the image asked for, and the offline image that can stand for it.
images_of() {
  printf '%s\n' 'redis:7-alpine offline/redis:7' 'postgres:16-alpine offline/postgres:16.4' \
    'minio/minio:latest offline/minio:latest' 'qdrant/qdrant:latest offline/qdrant:latest'
  [ "$1" = dev ] || printf '%s\n' 'python:3.13-slim offline/python:3.13' 'node:18 offline/node:18'
}

# Set `absent` to the offline images of those that are here under neither name, and `first_absent` to the first image
# asked for of them.
find_absent() {
  local asked offline names=() present
  absent=() first_absent=''
  while read -r asked offline; do names+=("$asked" "$offline"); done < <(images_of "$1")
  present=$'\n'$(docker image inspect --format '{{range .RepoTags}}{{println .}}{{end}}' "${names[@]}" 2>/dev/null || true)$'\n'
  while read -r asked offline; do
    case $present in *$'\n'"$asked"$'\n'* | *$'\n'"$offline"$'\n'*) continue ;; esac
    absent+=("$offline")
    first_absent=${first_absent:-$asked}
  done < <(images_of "$1")
}

images_are_present() {
  find_absent "$1"
  [ "${#absent[@]}" -eq 0 ]
}

# See that the images of a command are there or can be had, and build those that are not and cannot.
ensure_images() {
  if images_are_present "$1"; then return; fi
  if registry_answers "$first_absent"; then return; fi
  build_offline "${absent[@]}"
}

# Whether the tests' images are there (or a registry is): those of all services, and where the offline set is in use
# those of its present recipes.
test_images_are_ready() {
  if [ -n "$(docker image ls --quiet 'offline/*')" ]; then
    "$root/examples/offline-images/build" --check >/dev/null
    return
  fi
  images_are_present start || registry_answers "$first_absent"
}

build_offline() {
  if [ -n "${registry_answer:-}" ]; then
    say "No registry answers the engine (it said: $registry_answer)." \
      "So images of the same servers are built here from packages; docs/air-gapped.md says which, and what they are."
  fi
  "$root/examples/offline-images/build" "$@"
}

# Whether the engine reaches a registry for the image. The engine is asked, so that its mirrors and proxies count: a pull
# is begun, and called off as soon as the registry has answered. An answer is believed for twelve hours.
registry_answers() {
  local output pull deadline=$((SECONDS + seconds_for_registry)) answered='Pulling|Download|Already exists|Digest:|Status:'
  registry_answer=''
  [ -z "$(find "$registry_stamp" -mmin -720 2>/dev/null)" ] || return 0
  output=$(mktemp)
  docker pull "$1" >"$output" 2>&1 </dev/null &
  pull=$!
  until grep -qE "$answered" "$output" || [ "$SECONDS" -ge "$deadline" ] || ! kill -0 "$pull" 2>/dev/null; do sleep 0.1; done
  kill "$pull" 2>/dev/null || true
  wait "$pull" 2>/dev/null || true
  # A refusal is an answer too; what to do about it the launcher says.
  if grep -qE "$answered|toomanyrequests|manifest unknown|denied|unauthorized" "$output"; then
    mkdir -p "${registry_stamp%/*}"
    : >"$registry_stamp"
    rm -f "$output"
    return 0
  fi
  registry_answer=$(grep -v '^Using default tag' "$output" | tail -n 1 | cut -c 1-200)
  registry_answer=${registry_answer:-nothing within $seconds_for_registry seconds}
  rm -f "$output"
  return 1
}
