#!/usr/bin/env bash
# Makes sure that ./mvnw can run: a JDK of 17 or newer, and the very Maven that maven-wrapper.properties asks for.
# Silent and quick when both are there. Why this exists beside the wrapper: docs/decisions/0003-maven-wrapper.md
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
. "$root/scripts/host.sh"
. "$root/scripts/java.sh"

readonly properties=$root/.mvn/wrapper/maven-wrapper.properties
work=''

property() { sed -n "s/^$1=//p" "$properties" | tr -d '[:space:]'; }

# Set `jdk_bin`. A Java that only runs programs is not enough to build one.
ensure_jdk() {
  ensure_java
  find_jdk
  [ -z "$jdk_bin" ] || return 0
  can_install || fail 1 "The Java at '$java' has no compiler (javac) beside it." \
    "Install a JDK of 17 or newer, on Debian or Ubuntu: sudo apt-get install default-jdk-headless"
  install_packages "a JDK to build with" default-jdk-headless
  find_java
  find_jdk
  [ -n "$jdk_bin" ] || fail 1 "The Java at '$java' still has no compiler (javac) beside it: point JAVA_HOME at a JDK of 17 or newer."
}

find_jdk() {
  jdk_bin=$(dirname "$(readlink -f "$java" 2>/dev/null || echo "$java")")
  [ -x "$jdk_bin/javac" ] || jdk_bin=''
}

# As ./mvnw does it: Java's String.hashCode of the address, in hex
hash_string() {
  local string=$1 hash=0 char
  while [ -n "$string" ]; do
    char=${string%"${string#?}"}
    hash=$(((hash * 31 + $(LC_CTYPE=C printf %d "'$char")) % 4294967296))
    string=${string#?}
  done
  printf %x "$hash"
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

# copy_artifact VERSION DIRECTORY -- the same bytes, from wherever this machine's Maven gets its artifacts
copy_artifact() {
  if ! command -v mvn >/dev/null; then
    can_install || return 1
    install_packages "Maven, to fetch the one that the build asks for" maven
  fi
  (cd "$2" && mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="org.apache.maven:apache-maven:$1:zip:bin" -DoutputDirectory="$2" >&2)
}

ensure_maven() {
  local url name version home
  url=$(property distributionUrl)
  name=${url##*/}
  name=${name%-bin.zip}
  version=${name#apache-maven-}
  home=${MAVEN_USER_HOME:-$HOME/.m2}/wrapper/dists/$name/$(hash_string "$url")
  [ ! -d "$home" ] || return 0

  mkdir -p "${home%/*}"
  work=$(mktemp -d "${home%/*}/unpack.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  say "Fetching Maven $version …"
  if ! download "$url" "$work/$name-bin.zip"; then
    say "  ${url%/maven/*} does not answer, so it is fetched as an artifact."
    copy_artifact "$version" "$work" || fail 1 "Maven $version cannot be fetched." \
      "Either make '$url' reachable, or install a Maven of your own (mvn) that reaches its repository, and run this again."
  fi
  [ "$(sha256 "$work/$name-bin.zip")" = "$(property distributionSha256Sum)" ] ||
    fail 1 "Maven $version: the checksum of what was fetched is not the one in '$properties', so it is not used."
  # The JDK has a program that unpacks, which unzip is not on every machine
  (cd "$work" && "$jdk_bin/jar" xf "$name-bin.zip" && chmod +x "$name/bin/mvn" "$name/bin/mvnDebug")
  [ -d "$home" ] || mv "$work/$name" "$home"
}

ensure_jdk
ensure_maven
