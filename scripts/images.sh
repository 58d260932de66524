# shellcheck shell=bash
# The images that a command's services need: from a registry where one answers, else the offline set. Needs host.sh;
# `root` is the project's directory.

registry_stamp=${XDG_CACHE_HOME:-$HOME/.cache}/withstack/registry-answered
seconds_for_registry=${SECONDS_FOR_REGISTRY:-8}

# What the services of each stack run on: the stack, when it is needed (always; with the applications, to build them on; or
# when the service of that name is asked for), the image asked for, and the offline image that can stand for it.
images_by_stack='
frostbyte   always        redis:7-alpine                                 offline/redis:7
frostbyte   always        postgres:16-alpine                             offline/postgres:16.4
frostbyte   always        minio/minio:latest                             offline/minio:latest
frostbyte   always        qdrant/qdrant:latest                           offline/qdrant:latest
frostbyte   applications  python:3.13-slim                               offline/python:3.13
frostbyte   applications  node:18                                        offline/node:18
bi-agent    always        postgres:15-alpine                             offline/postgres:15
bi-agent    always        redis:7-alpine                                 offline/redis:7
bi-agent    always        minio/minio:latest                             offline/minio:latest
bi-agent    always        minio/mc:latest                                offline/mc:latest
bi-agent    always        otel/opentelemetry-collector-contrib:0.91.0    offline/otelcol:latest
bi-agent    always        jaegertracing/all-in-one:1.52                  offline/jaeger:latest
bi-agent    always        prom/prometheus:v2.48.1                        offline/prometheus:latest
bi-agent    always        grafana/grafana:10.2.3                         offline/grafana:latest
bi-agent    applications  python:3.11-slim                               offline/python:3.11
bi-agent    applications  node:18-slim                                   offline/node:18
chatbot     always        postgres:16-alpine                             offline/postgres:16.4
chatbot     always        redis:7.2-alpine                               offline/redis:7
chatbot     always        qdrant/qdrant:latest                           offline/qdrant:latest
chatbot     always        minio/minio:latest                             offline/minio:latest
chatbot     always        prom/prometheus:v2.48.1                        offline/prometheus:latest
chatbot     always        grafana/grafana:10.2.3                         offline/grafana:latest
chatbot     always        nginx:1.27-alpine                              offline/nginx:latest
chatbot     applications  python:3.13-slim                               offline/python:3.13
chatbot     applications  mher/flower:2.0                                offline/flower:latest
ordinaut    always        postgres:16.4                                  offline/postgres:16.4
ordinaut    always        redis:7.2.5                                    offline/redis:7
ordinaut    always        nginx:1.27-alpine                              offline/nginx:latest
ordinaut    applications  python:3.12-slim                               offline/python:3.13
integrador  always        pgvector/pgvector:pg16                         offline/postgres:17
integrador  always        redis:7-alpine                                 offline/redis:7
integrador  ollama        ollama/ollama:latest                           offline/ollama:latest
'

# By what a project directory is known to be of a stack, as the launcher knows it.
marks_by_stack='
frostbyte   pipeline packages/admin-dashboard
bi-agent    analytics-service ml-service celery-service
chatbot     Dockerfile src/app/tasks.py
ordinaut    ordinaut migrations/version_0001.sql
integrador  rest_api/main.py
'

# Set `stack` to the one that the arguments mean, as the launcher does.
find_stack() {
  local word previous='' project=. marks mark
  stack=''
  for word; do
    case $previous in
      --stack) stack=$word ;;
      --project) project=$word ;;
    esac
    case $word in
      --stack=*) stack=${word#*=} ;;
      --project=*) project=${word#*=} ;;
      *) case $images_by_stack in *$'\n'"$word "*) stack=${stack:-$word} ;; esac ;;
    esac
    previous=$word
  done
  stack=${stack:-${STACK:-$(sed -n 's/^STACK=["'\'']\{0,1\}\([a-z-]*\).*/\1/p' "$project/.env" 2>/dev/null || true)}}
  [ -z "$stack" ] || return 0
  while read -r stack marks; do
    [ -n "$stack" ] || continue
    for mark in $marks; do [ -e "$project/$mark" ] || continue 2; done
    return
  done <<<"$marks_by_stack"
  stack=frostbyte
}

# images_of COMMAND ARGUMENTS... -- print one line an image: the image asked for, and the offline image for it
images_of() {
  local command=$1 of needed asked offline stack
  shift
  find_stack "$@"
  while read -r of needed asked offline; do
    [ "$of" = "$stack" ] || continue
    case $needed in
      always) ;;
      applications) ! runs_without_applications "$command" "$@" || continue ;;
      *) case " $* " in *" $needed "*) ;; *) continue ;; esac ;;
    esac
    echo "$asked $offline"
  done <<<"$images_by_stack"
}

# Frostbyte's own document has its API on the host in dev.
runs_without_applications() {
  [ "$1-$stack" != dev-frostbyte ] || return 0
  case " $* " in *' --infra '* | *' local '*) return 0 ;; *) return 1 ;; esac
}

# find_absent COMMAND ARGUMENTS... -- set `absent` to the offline images of those that are here under neither name, and
# `first_absent` to the first image asked for of them.
find_absent() {
  local asked offline names=() present
  absent=() first_absent=''
  while read -r asked offline; do names+=("$asked" "$offline"); done < <(images_of "$@")
  present=$'\n'$(docker image inspect --format '{{range .RepoTags}}{{println .}}{{end}}' "${names[@]}" 2>/dev/null || true)$'\n'
  while read -r asked offline; do
    case $present in *$'\n'"$asked"$'\n'* | *$'\n'"$offline"$'\n'*) continue ;; esac
    absent+=("$offline")
    first_absent=${first_absent:-$asked}
  done < <(images_of "$@")
}

images_are_present() {
  find_absent "$@"
  [ "${#absent[@]}" -eq 0 ]
}

# ensure_images COMMAND ARGUMENTS... -- see that they are there or can be had, and build those that are not and cannot.
ensure_images() {
  if images_are_present "$@"; then return; fi
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
