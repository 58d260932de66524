# shellcheck shell=bash
# The launcher's jar: built when it is absent or older than its sources, and run with its classes prepared.
# Needs host.sh and java.sh; `root` is the project's directory.

launcher_jar=$root/stack-launcher/target/stack-launcher.jar

# Neither tests nor sources nor the check of the format: who runs a stack is not to wait for them.
only_the_jar=(-Dmaven.test.skip=true -Dmaven.source.skip=true -Dspotless.check.skip=true)

# Print the first word of the arguments that is a command, when it is one that starts services.
starting_command() {
  local word
  case " $* " in *' --help '* | *' -h '*) return ;; esac
  for word; do
    case $word in
      dev | start | stage | prod | local) echo "$word"; return ;;
      help | --version | stop | down | restart | scale | update | deploy | rollback | supervise | list | status | logs | \
        check | plan | graph | timings | events | top | urls | env | config | bundle | shell | exec | backup | backups | restore | \
        reset | migrate | build | pull | push | lock | init | export | import) return ;;
    esac
  done
}

ensure_launcher() {
  launcher_is_current || build_launcher
}

launcher_is_current() {
  [ -f "$launcher_jar" ] || return 1
  local module sources=("$root/pom.xml")
  for module in stack-core stack-profiles stack-launcher; do
    sources+=("$root/$module/pom.xml" "$root/$module/src/main")
  done
  [ -z "$(find "${sources[@]}" -newer "$launcher_jar" -print -quit)" ]
}

build_launcher() {
  exec 7<"$root/pom.xml"
  if command -v flock >/dev/null && ! flock -n 7; then
    say "Another build of the launcher is under way; waiting for it."
    flock 7
    if launcher_is_current; then return; fi
  fi
  say "Building the launcher (the first time it fetches its libraries) …"
  "$root/scripts/maven.sh"
  local log=$root/stack-launcher/target/launcher-build.log
  mkdir -p "$root/stack-launcher/target"
  if ! (cd "$root" && ./mvnw -B -ntp "${only_the_jar[@]}" -pl stack-launcher -am package) 2>&1 | tee "$log" | show_modules; then
    grep -E '^\[ERROR\]' "$log" | head -n 20 >&2 || tail -n 20 "$log" >&2
    fail 1 "" "The launcher does not build. The whole output is in '$log'."
  fi
  # Maven may leave a jar alone that it finds unchanged, and the check above goes by time.
  touch "$launcher_jar"
  prepare_classes
}

# Of Maven's output one line a module.
show_modules() {
  sed -n -u 's/^\[INFO\] Building \(.*\) [0-9][^ ]*-SNAPSHOT *\(\[.*\]\)$/  \2 \1/p' >&2
}

class_archive() { echo "${launcher_jar%.jar}-$java_version.jsa"; }

# Keep the classes that the everyday commands load in an archive that Java maps into memory: a third of a second less
# for each command. These commands only look, and whether they succeed does not matter.
prepare_classes() {
  local archive classes command
  archive=$(class_archive)
  classes=$(mktemp -d)
  rm -f "${launcher_jar%.jar}"-*.jsa
  for command in status plan 'logs --tail 1'; do
    # shellcheck disable=SC2086 # words of a command
    "$java" -Xlog:disable -XX:-PrintWarnings -XX:DumpLoadedClassList="$classes/${command%% *}" -jar "$launcher_jar" $command \
      >/dev/null 2>&1 </dev/null || true
  done
  # Without a running stack these commands end early, so our own classes go in whole.
  "${java%java}jar" --list --file "$launcher_jar" 2>/dev/null |
    sed -n 's|^\(dev/withstack/.*\)\.class$|\1|p' >"$classes/ours" || true
  sort -u "$classes"/* >"$classes.all" 2>/dev/null || true
  "$java" -Xshare:dump -Xlog:disable -XX:-PrintWarnings -XX:SharedClassListFile="$classes.all" -XX:SharedArchiveFile="$archive" \
    -cp "$launcher_jar" >/dev/null 2>&1 </dev/null || rm -f "$archive"
  rm -rf "$classes" "$classes.all"
}

# Become the launcher. An archive that does not fit, or none, only makes it slower; Java's own warnings stay out of sight.
# Most commands are over before code that was compiled well pays; what carries and digests data is not. What lives on the heap is
# little, however many services there are: Java's own choice goes by the machine's memory, and lets garbage fill a part of that.
run_launcher() {
  local compiler=-XX:TieredStopAtLevel=1
  case " $* " in *' backup '* | *' backups '* | *' restore '*) compiler=-XX:+TieredCompilation ;; esac
  exec "$java" -XX:SharedArchiveFile="$(class_archive)" -Xshare:auto $compiler -XX:+UseSerialGC -Xms32m \
    -Xlog:disable -XX:-PrintWarnings -Dwithstack.program="$0" -jar "$launcher_jar" "$@"
}
