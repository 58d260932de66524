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
  for tool in bash sed grep cat mktemp tail head cut find rm mkdir sleep touch readlink dirname env sort tee ls cp mv awk od tr uname tar sha512sum; do
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
  mkdir -p "$machine/.cache/withstack/engine/usr/sbin" # a newer engine, for the test of one
  script "$machine/.cache/withstack/engine/usr/sbin/dockerd" ''
  kubernetes=$machine/.cache/withstack/kubernetes-1.36.2
  mkdir -p "$kubernetes"
  script "$kubernetes/etcd" 'exec sleep 60'
  script "$kubernetes/kube-apiserver" 'echo $$ >"$machine/server"; exec sleep 60'
  script "$kubernetes/kubectl" 'echo ok'
  fake openssl ''
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
    ENGINE_RUN="$machine/run" \
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

testing 'an engine that was ended hard: its pid files, which name other processes by now, are not believed'
rm "$machine/engine"; mkdir -p "$machine/run/docker/containerd"
echo $$ | tee "$machine/run/docker.pid" "$machine/run/docker-ssd.pid" >"$machine/run/docker/containerd/containerd.pid"
fake service '[ -e "$machine/run/docker-ssd.pid" ] || [ -e "$machine/run/docker.pid" ] || touch "$machine/engine"'
fake dockerd '[ -e "$machine/run/docker.pid" ] || [ -e "$machine/run/docker/containerd/containerd.pid" ] || touch "$machine/engine"'
run stack dev
code_is 0; says 'Starting the Docker engine'; runs_launcher dev

testing 'an engine that ends while it is started: started once more'
rm "$machine/engine"
fake service 'exit 1'
fake dockerd '[ ! -e "$machine/tried" ] || touch "$machine/engine"; touch "$machine/tried"'
run stack dev
code_is 0; runs_launcher dev

testing 'an engine that does not start: says so, with the code for an engine and the end of its log'
rm "$machine/engine"
fake service 'exit 1'
fake dockerd 'echo "failed to mount the cgroups" >&2; exit 1'
run stack dev
code_is 3; says 'failed to mount the cgroups'; says 'does not answer'; never_calls 'java -XX'

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

testing 'another stack: its own images, whatever the command is followed by'
: >"$machine/images"
run stack dev bi-agent --plain
code_is 0
calls 'build offline/postgres:15 offline/redis:7 offline/minio:latest offline/mc:latest offline/otelcol:latest offline/jaeger:latest offline/prometheus:latest offline/grafana:latest offline/python:3.11 offline/node:18'

testing 'a stack named by an option, with its infrastructure alone: nothing to build applications on'
: >"$machine/images"
run stack --stack=ordinaut start --infra
calls 'build offline/postgres:16.4 offline/redis:7 offline/nginx:latest'; never_calls 'build *python'

testing "the chatbot's base alone: nothing to build its application on"
: >"$machine/images"
run stack local chatbot
calls 'build offline/postgres:16.4 offline/redis:7 offline/qdrant:latest'; never_calls 'build *python'; never_calls 'build *flower'

testing 'a service that is started on request only brings its image when it is asked for'
: >"$machine/images"
run stack dev integrador
calls 'build offline/postgres:17 offline/redis:7'; never_calls 'build offline/postgres:17 offline/redis:7 '
: >"$machine/calls"
run stack dev integrador ollama
calls 'build offline/postgres:17 offline/redis:7 offline/ollama:latest'

testing 'STACK in the environment, or in .env, names the stack'
: >"$machine/images"; environment=(STACK=integrador)
run stack dev
calls 'build offline/postgres:17 offline/redis:7'
: >"$machine/calls"; environment=(NOTHING=); echo STACK=chatbot >"$root/.env"
run stack dev
calls 'build offline/postgres:16.4 offline/redis:7 offline/qdrant:latest offline/minio:latest offline/prometheus:latest'

testing 'a project directory shows which stack it is of'
: >"$machine/images"; mkdir -p "$machine/mine/analytics-service" "$machine/mine/ml-service" "$machine/mine/celery-service"
run stack dev --project "$machine/mine"
calls 'build offline/postgres:15 '

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
code_is 0; calls 'mvnw verify -Dmaven.test.failure.ignore=true -B -ntp'; never_calls 'mvnw test-compile'; never_calls apt-get; calls 'run '

testing 'test without images and registry: the whole set, beside the compilation'
: >"$machine/images"
run test -B
code_is 0; calls 'build '; calls 'mvnw test-compile -B'; calls 'mvnw verify -Dmaven.test.failure.ignore=true -B'; says 'No registry answers'

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

testing 'test with an API server of Kubernetes: it runs as long as the tests do, which find it in KUBECONFIG'
script "$root/mvnw" 'grep -q "server: \"https://127.0.0.1:" "$KUBECONFIG" && read -r server <"$machine/server" && kill -0 "$server" && echo "$server runs"'
run test
code_is 0; calls 'etcd --data-dir'; calls 'kube-apiserver --etcd-servers'; says "$(cat "$machine/server") runs"
! kill -0 "$(cat "$machine/server")" 2>/dev/null || wrong 'expected the API server to be ended'

testing 'test with a KUBECONFIG: that server is meant, and none is fetched or started'
rm -r "$kubernetes"; environment=(KUBECONFIG=/mine)
script "$root/mvnw" 'echo "told of $KUBECONFIG"'
fake curl 'exit 7'
run test
code_is 0; says 'told of /mine'; never_calls curl; never_calls kube-apiserver

testing 'test without an API server that can be fetched: says so and runs the others'
rm -r "$kubernetes"; fake curl 'exit 7'
run test
code_is 0; calls 'curl --silent'; says 'the tests that need one are left out'; calls 'mvnw verify'

testing 'test with an archive that is another one than expected: it is not used'
rm -r "$kubernetes"; fake curl 'while [ "$1" != --output ]; do shift; done; echo other >"$2"'
run test
code_is 0; says 'has another checksum'; [ ! -e "$kubernetes" ] || wrong 'expected nothing to be kept'; calls 'mvnw verify'

testing 'test when the images cannot be built: says so and does not run the tests'
: >"$machine/images"; script "$root/examples/offline-images/build" 'echo "Cannot build offline/redis:7." >&2; exit 1'
run test
code_is 1; says 'Cannot build offline/redis:7.'; never_calls 'mvnw verify'

# Let Maven leave a report of that name, with these lines in it.
reports() {
  mkdir -p "$root/stack-core/target/$1"
  script "$root/mvnw" 'case "$*" in verify*) cat "$machine/report" >"$root/stack-core/target/'"$1"'/TEST-a.XIT.xml" ;; esac'
  cat >"$machine/report"
}

testing 'test ends with what failed and how many there were, whatever Maven says of it'
reports failsafe-reports <<'report'
  <testcase name="endsWell" classname="a.XIT" time="0.1"/>
  <testcase name="isLeftOut" classname="a.XIT" time="0">
    <skipped message="no registry"/>
  </testcase>
  <testcase name="endsBadly" classname="a.XIT" time="0.1">
    <failure message="&#10;expected: &quot;a&quot; &amp; b&#10; but was: c" type="AssertionError"><![CDATA[trace]]></failure>
    <rerunFailure message="again" type="AssertionError">
    </rerunFailure>
  </testcase>
  <testcase name="endsWellAtLast" classname="a.XIT" time="0.1">
    <flakyError message="no answer" type="IOException">
    </flakyError>
    <flakyError message="no answer" type="IOException">
    </flakyError>
  </testcase>
report
run test
code_is 1; says 'stack-core: XIT.endsBadly'; says 'expected: "a" & b but was: c'; says 'repeated'; says 'stack-core: XIT.endsWellAtLast'
case $out in *$'\n2 passed, 1 failed, 1 skipped') ;; *) wrong 'expected the count to be the last line' ;; esac

testing 'test counts nothing of an earlier run'
reports surefire-reports <<<'<testcase name="endsWell" classname="a.XIT"/>'
mkdir -p "$root/stack-launcher/target/failsafe-reports"
echo '<testcase name="x"><failure message="old"/>' >"$root/stack-launcher/target/failsafe-reports/TEST-old.xml"
run test
code_is 0; says '1 passed, 0 failed, 0 skipped'

testing 'test when Maven itself fails: its code stays'
script "$root/mvnw" 'exit 7'
run test
code_is 7

if [ "$failures" -gt 0 ]; then
  echo "$failures expectations failed in $count tests of ./stack and ./test." >&2
  exit 1
fi
echo "$count tests of ./stack and ./test passed."
