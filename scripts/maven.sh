#!/usr/bin/env bash
# Makes sure that ./mvnw can run: a JDK of 17 or newer, and the very Maven that maven-wrapper.properties asks for.
# Silent and quick when both are there. Why this exists beside the wrapper: docs/decisions/0003-maven-wrapper.md
set -euo pipefail

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly properties=$root/.mvn/wrapper/maven-wrapper.properties
readonly seconds_to_connect=4
work=

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

property() { sed -n "s/^$1=//p" "$properties" | tr -d '[:space:]'; }

# Debian and its children, and nobody to ask for a password
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install_packages() { # what for, packages...
  local purpose=$1
  shift
  say "Installing $* ($purpose) from the distribution."
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
    { apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; } ||
    die "apt-get could not install $*. Install $purpose by hand and run this again."
}

java_home() {
  if [ -n "${JAVA_HOME:-}" ]; then
    printf '%s\n' "$JAVA_HOME"
  elif command -v javac >/dev/null; then
    dirname "$(dirname "$(readlink -f "$(command -v javac)" 2>/dev/null || command -v javac)")"
  fi
}

# 0 when there is no JDK at all
java_major() {
  local home version
  home=$(java_home)
  if [ -z "$home" ] || [ ! -x "$home/bin/javac" ]; then
    echo 0
    return
  fi
  # The file answers at once; javac takes half a second
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null ||
    "$home/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  echo "${version:-0}"
}

ensure_jdk() {
  local found
  found=$(java_major)
  [ "$found" -lt 17 ] || return 0
  if [ -n "${JAVA_HOME:-}" ]; then
    die "JAVA_HOME is '$JAVA_HOME', which is not a JDK of 17 or newer. Point it at one, or unset it."
  fi
  can_install || die "No JDK of 17 or newer was found (javac: $found). Install one, for example Temurin 17, and run this again."
  install_packages "a JDK" default-jdk-headless
  [ "$(java_major)" -ge 17 ] || die "The distribution's JDK is older than 17. Install a JDK of 17 or newer and point JAVA_HOME at it."
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

download() { # url, file
  if command -v curl >/dev/null; then
    curl --silent --fail --location --connect-timeout "$seconds_to_connect" \
      --speed-time 15 --speed-limit 1000 --output "$2" "$1"
  elif command -v wget >/dev/null; then
    wget --quiet --tries=1 --connect-timeout="$seconds_to_connect" --read-timeout=15 \
      --output-document="$2" "$1"
  else
    return 1
  fi
}

# The same bytes, from wherever this machine's Maven gets its artifacts
copy_artifact() { # version, directory
  if ! command -v mvn >/dev/null; then
    can_install || return 1
    install_packages "Maven, to fetch the wrapper's own Maven" maven
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
  if ! download "$url" "$work/$name-bin.zip"; then
    say "Maven $version: $url does not answer, so it is fetched as an artifact."
    copy_artifact "$version" "$work" || die "Maven $version could not be fetched.
  Either make $url reachable, or install Maven 3.8.7 or newer (mvn) with access to a repository, and run this again."
  fi
  [ "$(sha256 "$work/$name-bin.zip")" = "$(property distributionSha256Sum)" ] ||
    die "Maven $version: the checksum of what was fetched is not the one in .mvn/wrapper/maven-wrapper.properties, so it is not used."
  (cd "$work" && "$(java_home)/bin/jar" xf "$name-bin.zip" && chmod +x "$name/bin/mvn" "$name/bin/mvnDebug")
  [ -d "$home" ] || mv "$work/$name" "$home"
}

ensure_jdk
ensure_maven
