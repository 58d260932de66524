# shellcheck shell=bash
# Java 17 or newer, to run the launcher with. Needs host.sh.

# Set `java` (the program) and `java_version` ("17.0.15"), both empty where there is none.
find_java() {
  local home line
  java='' java_version=''
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
  else
    java=$(command -v java || true)
  fi
  if [ -z "$java" ] || [ ! -x "$java" ]; then
    java=''
    return
  fi
  home=$(readlink -f "$java" 2>/dev/null || echo "$java")
  home=${home%/bin/java}
  # The file answers at once, where asking Java itself would cost each command 60 ms.
  if [ -r "$home/release" ]; then
    while IFS= read -r line; do
      case $line in JAVA_VERSION=*) java_version=${line#JAVA_VERSION=} java_version=${java_version//\"/} ;; esac
    done <"$home/release"
  fi
  [ -n "$java_version" ] || java_version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
}

ensure_java() {
  find_java
  [ "$(java_major)" -lt 17 ] || return 0
  if [ -n "${JAVA_HOME:-}" ]; then
    fail 1 "JAVA_HOME is '$JAVA_HOME', which is not a Java of 17 or newer. Point it at one, or unset it."
  fi
  if ! can_install; then
    fail 1 "Java 17 or newer is needed, and ${java:-no java} ${java_version:-} was found." \
      "On Debian or Ubuntu: sudo apt-get install default-jdk-headless" \
      "Elsewhere: install a JDK of 17 or newer (for example from https://adoptium.net) so that 'java' is on the PATH."
  fi
  install_packages "Java, which the launcher runs on" default-jdk-headless
  find_java
  [ "$(java_major)" -ge 17 ] || fail 1 "The distribution's Java is '${java_version:-absent}', and 17 or newer is needed: install one and point JAVA_HOME at it."
}

java_major() { local major=${java_version%%[.+-]*}; echo "${major:-0}"; }
