#!/usr/bin/env bash
# Tests of ./stack and ./test: what they decide to install, start, build and say. Docker, Java, apt-get and the rest are
# fakes on a PATH of their own, and the project is a copy, so nothing here touches the machine.
# shellcheck disable=SC2016 # the fakes' bodies are expanded when they run
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0 count=0

# --- a machine of fakes ------------------------------------------------------------------------------------------

# A fresh machine: root on Debian with Java 17, a built launcher, an engine that answers and all images, no registry.
new_machine() {
  rm -rf "$scratch/machine"
  machine=$scratch/machine root=$scratch/machine/project
  mkdir -p "$machine/bin" "$machine/jdk/bin" "$root/scripts" "$root/stack-launcher/target" "$root/examples/offline-images"
  local tool
  for tool in bash sed grep cat mktemp tail head cut find rm mkdir sleep touch readlink dirname env sort tee ls cp mv; do
    ln -s "$(command -v "$tool")" "$machine/bin/$tool"
  done
  cp "$project/stack" "$project/test" "$root/"
  cp "$project"/scripts/*.sh "$root/scripts/"
  for tool in stack-core stack-profiles stack-launcher; do
    mkdir -p "$root/$tool/src/main"
    touch "$root/$tool/pom.xml"
  done
  touch "$root/pom.xml"
  touch -d '1 minute' "$root/stack-launcher/target/stack-launcher.jar" # from now, so newer than every source

  fake id 'echo 0'
  fake service 'touch "$machine/engine"'
  fake systemctl 'touch "$machine/engine"'
  fake setsid '"$@"'
  fake dockerd 'touch "$machine/engine"'
  fake chromium ''
  fake docker-registry ''
  fake apt-get '
    case " $* " in
      *" docker.io "*) cp "$machine/shelf/"* "$machine/bin/" ;;
      *" default-jdk-headless "*) cp "$machine/shelf-java" "$machine/bin/java" ;;
    esac'
  fake docker '
    case "$1 ${2:-}" in
      "version "*) [ -e "$machine/engine" ] && echo 20.10.24 || { cat "$machine/refusal" >&2; exit 1; } ;;
      "context inspect") cat "$machine/context" ;;
      "image inspect") [ -e "$machine/engine" ] || exit 1; for name; do grep -xF -- "$name" "$machine/images" || :; done ;;
      "image ls") grep "^offline/" "$machine/images" || : ;;
      "pull "*) cat "$machine/pull"; exec sleep "$(cat "$machine/pull-seconds")" ;;
    esac'
  fake java 'case "$*" in *-version*) echo "openjdk version \"$(cat "$machine/java-version")\"" >&2 ;; esac'
  script "$root/scripts/maven.sh" ''
  script "$root/mvnw" 'case "$*" in *package*) echo "[INFO] Building stack-core 1-SNAPSHOT   [1/3]"; touch "$root/stack-launcher/target/stack-launcher.jar" ;; esac'
  script "$root/examples/offline-images/build" 'case "$*" in --check) exit "$(cat "$machine/stale")" ;; esac'
  mkdir -p "$root/scripts/tests"
  script "$root/scripts/tests/run" ''

  echo 17.0.1 >"$machine/java-version"
  echo default >"$machine/context"
  echo 'Cannot connect to the Docker daemon' >"$machine/refusal"
  echo 'Get "https://registry/v2/": no such host' >"$machine/pull"
  echo 0 >"$machine/pull-seconds"
  echo 0 >"$machine/stale"
  printf '%s\n' offline/redis:7 offline/postgres:16.4 offline/minio:latest offline/qdrant:latest offline/python:3.13 offline/node:18 \
    >"$machine/images"
  touch "$machine/engine" "$machine/calls"
}

# fake NAME BODY -- a program that notes how it was called
fake() { script "$machine/bin/$1" "$2"; }

script() {
  printf '#!%s\nmachine=%q root=%q\necho "${0##*/} $*" >>"$machine/calls"\n%s\n' "$BASH" "$machine" "$root" "$2" >"$1"
  chmod +x "$1"
}

no_docker() {
  rm -f "$machine/engine"
  mkdir -p "$machine/shelf"
  mv "$machine/bin/docker" "$machine/bin/dockerd" "$machine/shelf/"
}

not_root() { fake id '[ "$1" = -un ] && echo someone || echo 1000'; }

# run PROGRAM ARGUMENTS... -- in the copy, on the fakes; leaves `code`, `out` (both streams) and `calls`
run() {
  code=0
  out=$(cd "$root" && env -i PATH="$machine/bin" HOME="$machine" SECONDS_FOR_REGISTRY=2 ENGINE_LOG="$machine/dockerd.log" \
    "${environment[@]}" "$BASH" "$root/$1" "${@:2}" 2>&1) || code=$?
  calls=$(cat "$machine/calls")
}

# --- expectations ------------------------------------------------------------------------------------------------

testing() {
  name=$1
  count=$((count + 1))
  environment=(NOTHING=)
  new_machine
}

wrong() {
  failures=$((failures + 1))
  printf 'FAILED %s\n  %s\n  exit code %s, output:\n%s\n  calls:\n%s\n' "$name" "$1" "$code" "${out//$'\n'/$'\n'    }" "${calls//$'\n'/$'\n'    }" >&2
}

code_is() { [ "$code" = "$1" ] || wrong "expected exit code $1"; }
says() { case $out in *"$1"*) ;; *) wrong "expected the output to contain: $1" ;; esac; }
is_silent() { [ -z "$out" ] || wrong "expected no output"; }
calls() { case $'\n'$calls in *$'\n'$1*) ;; *) wrong "expected a call of: $1" ;; esac; }
never_calls() { case $'\n'$calls in *$'\n'$1*) wrong "expected no call of: $1" ;; esac; }
runs_launcher() { case $calls in *"-jar $root/stack-launcher/target/stack-launcher.jar $1") ;; *) wrong "expected the launcher to run last with: $1" ;; esac; }

# --- ./stack -----------------------------------------------------------------------------------------------------

testing 'all is there: silent, and the launcher gets the arguments'
run stack dev --plain 'two words'
code_is 0; is_silent; runs_launcher 'dev --plain two words'; never_calls apt-get; never_calls 'docker pull'; never_calls build
[ "$(grep -c '^docker' <<<"$calls")" = 1 ] || wrong 'expected the engine to be asked once'

testing 'a command that only looks never asks for the engine'
run stack logs dev
code_is 0; is_silent; runs_launcher 'logs dev'; never_calls docker

testing 'a question about a command starts nothing'
rm "$machine/engine"
run stack dev --help
code_is 0; is_silent; never_calls docker; runs_launcher 'dev --help'

testing 'no engine, root on Debian: it is installed and started, and said so'
no_docker
run stack dev
code_is 0; says 'Installing docker.io'; says 'Starting the Docker engine'; calls 'apt-get'; runs_launcher dev

testing 'an engine that is installed and stopped is only started'
rm "$machine/engine"
run stack dev
code_is 0; says 'Starting the Docker engine'; never_calls apt-get; runs_launcher dev

testing 'no engine, not root: says what to install, with the code for an engine'
no_docker; not_root
run stack dev
code_is 3; says 'apt-get install docker.io'; says 'DOCKER_HOST'; never_calls apt-get; never_calls 'java -XX'

testing 'an engine that is stopped, not root: says how to start it'
rm "$machine/engine"; not_root
run stack dev
code_is 3; says 'systemctl start docker'; never_calls 'java -XX'

testing 'an engine that may not be used: says which group'
rm "$machine/engine"; echo 'permission denied while trying to connect' >"$machine/refusal"; not_root
run stack dev
code_is 3; says 'usermod -aG docker someone'

testing 'DOCKER_HOST is set: nothing is installed or started'
rm "$machine/engine"; environment=(DOCKER_HOST=tcp://10.0.0.1:2375)
run stack dev
code_is 3; says 'tcp://10.0.0.1:2375'; never_calls apt-get; never_calls service; never_calls systemctl; never_calls setsid

testing 'another context is chosen: nothing is installed or started'
rm "$machine/engine"; echo remote >"$machine/context"
run stack dev
code_is 3; says "context 'remote'"; never_calls service; never_calls systemctl; never_calls setsid

testing 'no registry and no images: dev builds those of the infrastructure'
: >"$machine/images"
run stack dev
code_is 0; says 'No registry answers the engine'; says 'no such host'; runs_launcher dev
calls 'build offline/redis:7 offline/postgres:16.4 offline/minio:latest offline/qdrant:latest'; never_calls 'build offline/python'

testing 'no registry and no images: start builds those of the applications too'
: >"$machine/images"
run stack start
code_is 0
calls 'build offline/redis:7 offline/postgres:16.4 offline/minio:latest offline/qdrant:latest offline/python:3.13 offline/node:18'

testing 'only the images that are absent under both names are built'
printf '%s\n' redis:7-alpine offline/minio:latest qdrant/qdrant:latest >"$machine/images"
run stack dev
calls 'build offline/postgres:16.4'; calls 'docker pull postgres:16-alpine'

testing 'a registry that says nothing in time counts as none'
: >"$machine/images"; : >"$machine/pull"; echo 60 >"$machine/pull-seconds"
run stack dev
code_is 0; says 'nothing within 2 seconds'; calls 'build offline/redis:7'

testing 'a registry that answers: nothing is built, and the second time it is not asked'
: >"$machine/images"; echo '7-alpine: Pulling from library/redis' >"$machine/pull"; echo 60 >"$machine/pull-seconds"
run stack dev
code_is 0; is_silent; calls 'docker pull redis:7-alpine'; never_calls build
: >"$machine/calls"
run stack dev
code_is 0; never_calls 'docker pull'; never_calls build

testing 'a registry that refuses has answered'
: >"$machine/images"; echo 'Error response from daemon: toomanyrequests: You have reached your pull rate limit' >"$machine/pull"
run stack dev
code_is 0; never_calls build

testing 'no launcher: it is built, with progress, and its classes are prepared'
rm "$root/stack-launcher/target/stack-launcher.jar"
run stack status
code_is 0; says 'Building the launcher'; says '[1/3] stack-core'; calls 'mvnw -B -ntp -Dmaven.test.skip=true'
calls 'java -Xshare:dump'; runs_launcher status

testing 'a source that is newer than the launcher: it is built again'
touch -d '2 minutes' "$root/stack-core/src/main/Changed.java"
run stack status
calls 'mvnw'; runs_launcher status

testing 'a launcher that does not build: says why and where'
rm "$root/stack-launcher/target/stack-launcher.jar"
script "$root/mvnw" 'echo "[ERROR] semicolon expected"; exit 1'
run stack status
code_is 1; says '[ERROR] semicolon expected'; says 'launcher-build.log'

testing 'the version of Java is read from its release file, without running it'
echo 'JAVA_VERSION="21.0.1"' >"$machine/release"
run stack status
code_is 0; never_calls 'java -version'; runs_launcher status; calls "java -XX:SharedArchiveFile=$root/stack-launcher/target/stack-launcher-21.0.1.jsa"

testing 'no Java, root on Debian: it is installed'
cp "$machine/bin/java" "$machine/shelf-java"; rm "$machine/bin/java"
run stack status
code_is 0; says 'Installing default-jdk-headless'; runs_launcher status

testing 'no Java, not root: says what to install'
rm "$machine/bin/java"; not_root
run stack status
code_is 1; says 'Java 17 or newer is needed'; says 'default-jdk-headless'; never_calls apt-get

testing 'a Java that is too old, not root: says which was found'
echo 11.0.2 >"$machine/java-version"; not_root
run stack status
code_is 1; says '11.0.2'

testing 'JAVA_HOME that is no Java is named, not gone around'
environment=(JAVA_HOME=/nowhere)
run stack status
code_is 1; says "JAVA_HOME is '/nowhere'"; never_calls apt-get

testing 'a package that cannot be installed: the end of what apt-get said'
no_docker; fake apt-get 'echo "E: Unable to locate package"; exit 100'
run stack dev
code_is 1; says 'Unable to locate package'; says 'apt-get update'

# --- ./test ------------------------------------------------------------------------------------------------------

testing 'test with all there: verify alone, with the arguments'
run test -B -ntp
code_is 0; calls 'mvnw verify -B -ntp'; never_calls 'mvnw test-compile'; never_calls apt-get; calls 'run '

testing 'test without images and registry: the whole set, beside the compilation'
: >"$machine/images"
run test -B
code_is 0; calls 'build '; calls 'mvnw test-compile -B'; calls 'mvnw verify -B'; says 'No registry answers'

testing 'test with changed recipes: builds them without asking a registry'
echo 10 >"$machine/stale"
run test
code_is 0; never_calls 'docker pull'; calls 'build '; calls 'mvnw verify'

testing 'test without a browser: installs one'
rm "$machine/bin/chromium"
run test
code_is 0; calls 'apt-get -y -q -o DPkg::Lock::Timeout=600 --no-install-recommends install chromium'; calls 'mvnw verify'

testing 'test without a registry of its own: installs one, and ends the service that comes with it'
rm "$machine/bin/docker-registry"
run test
code_is 0; calls 'apt-get -y -q -o DPkg::Lock::Timeout=600 --no-install-recommends install docker-registry'
calls 'systemctl disable --now docker-registry'; calls 'mvnw verify'

testing 'test when the images cannot be built: says so and does not run the tests'
: >"$machine/images"; script "$root/examples/offline-images/build" 'echo "Cannot build offline/redis:7." >&2; exit 1'
run test
code_is 1; says 'Cannot build offline/redis:7.'; never_calls 'mvnw verify'

if [ "$failures" -gt 0 ]; then
  echo "$failures expectations failed in $count tests of ./stack and ./test." >&2
  exit 1
fi
echo "$count tests of ./stack and ./test passed."
