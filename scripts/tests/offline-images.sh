#!/usr/bin/env bash
# Tests of examples/offline-images/build: what it builds, what it leaves alone, and what it says when something fails.
# The recipes are small ones and docker is a fake that remembers what it was given.
# shellcheck disable=SC2016 # the fakes' bodies are expanded when they run
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0 count=0

# Three recipes: `top` stands on `ground`, `alone` on nothing.
testing() {
  name=$1
  count=$((count + 1))
  rm -rf "${scratch:?}"/*
  set=$scratch/project/examples/offline-images
  mkdir -p "$set" "$scratch/bin" "$scratch/work"
  cp "$project/examples/offline-images/build" "$set/"
  recipe alone ''
  recipe ground ''
  recipe top ground
  mkdir "$scratch/images"
  : >"$scratch/calls"
  fake docker '
    case "$1 $2" in
      "image inspect")
        case "$*" in
          *"{{.Id}}"*) for last; do :; done; [ -e "$scratch/images/${last#*/}" ] && echo "id-of-$last" || exit 1 ;;
          *) cat "$scratch"/images/* 2>/dev/null || : ;;
        esac ;;
      "build "*)
        case "$*" in *"${FAILING:-nothing fails}"*) echo "E: no such package"; exit 100 ;; esac
        ls >"$scratch/context"
        tag=$(expr "$*" : ".*--tag \([^ ]*\)"); hash=$(expr "$*" : ".*recipe=\([^ ]*\)")
        echo "$hash $tag" >"$scratch/images/${tag#*/}" ;;
    esac'
}

recipe() { # NAME FROM
  mkdir "$set/$1"
  echo 'FROM scratch' >"$set/$1/Dockerfile"
  printf 'image=offline/%s:1\nfrom=%s\nfor=%s:*\nkind=real\nwhat="A %s"\nlineage=%s/1/real\n' "$1" "$2" "$1" "$1" "$1" >"$set/$1/recipe"
}

fake() {
  printf '#!%s\nscratch=%q\necho "${0##*/} $*" >>"$scratch/calls"\n%s\n' "$BASH" "$scratch" "$2" >"$scratch/bin/$1"
  chmod +x "$scratch/bin/$1"
}

run() {
  code=0
  out=$(PATH=$scratch/bin:$PATH XDG_CACHE_HOME=$scratch/work "$set/build" "$@" 2>&1) || code=$?
  calls=$(grep '^docker build' "$scratch/calls" || :)
}

wrong() {
  failures=$((failures + 1))
  printf 'FAILED %s\n  %s\n  exit code %s, output:\n%s\n  builds:\n%s\n' "$name" "$1" "$code" "$out" "$calls" >&2
}

code_is() { [ "$code" = "$1" ] || wrong "expected exit code $1"; }
says() { case $out in *"$1"*) ;; *) wrong "expected the output to contain: $1" ;; esac; }
never_says() { case $out in *"$1"*) wrong "expected the output not to contain: $1" ;; esac; }
built() { sed -n 's/.*--tag \([^ ]*\).*/\1/p' <<<"$calls" | tr '\n' ' '; }
builds() { # TAG... in any order
  [ "$(built | xargs -n 1 | sort | xargs)" = "$*" ] || wrong "expected these builds: $* -- but there were: $(built)"
}

testing 'from nothing: each once, one on top after what it stands on, with progress'
run
code_is 0; builds offline/alone:1 offline/ground:1 offline/top:1; case $(built) in *ground*top*) ;; *) wrong 'expected the ground before the top' ;; esac
says '[1/3] offline/'; says '[3/3] offline/top:1'

testing 'the labels say what it stands for, what it is and what data it writes'
run alone
for label in 'offline.for=alone:\*' 'offline.kind=real' 'offline.what=A alone' 'lineage=alone/1/real'; do
  grep -q "label dev.withstack.$label" <<<"$calls" || wrong "expected the label $label"
done

testing 'a second run builds nothing and says nothing'
run; : >"$scratch/calls"; run
code_is 0; builds; [ -z "$out" ] || wrong 'expected no output'

testing 'a changed recipe is built again, and what stands on it'
run; : >"$scratch/calls"; echo 'RUN true' >>"$set/ground/Dockerfile"; run
builds offline/ground:1 offline/top:1

testing 'a change on top leaves the ground alone'
run; : >"$scratch/calls"; echo 'RUN true' >>"$set/top/Dockerfile"; run
builds offline/top:1

testing 'a name brings what it stands on, and nothing else'
run top
builds offline/ground:1 offline/top:1

testing 'an image is a name too'
run offline/alone:1
builds offline/alone:1

testing 'a name that does not exist: says which there are'
run tpo
code_is 1; builds; says "no offline image 'tpo'"; says ground

testing '--check lists and builds nothing'
run --check
code_is 10; builds; says offline/top:1

testing 'an image that fails: the end of its log, where it is, and how to try again'
FAILING=offline/ground run
code_is 1; says 'E: no such package'; says 'Cannot build offline/ground:1'; says ground.log; says 'build ground'; never_says '] offline/top:1'

testing 'what was built before a failure is kept'
FAILING=offline/top run
: >"$scratch/calls"; run
code_is 0; builds offline/top:1

testing 'prepare runs in a copy, and the source tree stays as it is'
printf '#!/bin/sh\ntouch made\n' >"$set/alone/prepare"; chmod +x "$set/alone/prepare"
run alone
code_is 0; [ ! -e "$set/alone/made" ] || wrong 'expected nothing in the source tree'
grep -qx made "$scratch/context" || wrong 'expected what prepare made beside the Dockerfile'
[ -z "$(find "$scratch/work" -name 'context.*')" ] || wrong 'expected no working directory to stay'

testing 'recipes that stand on each other are refused'
sed -i 's/^from=.*/from=top/' "$set/ground/recipe"
run
code_is 1; builds; says "stands on itself"

testing 'a kind that is neither real nor a stand-in is refused'
sed -i 's/^kind=.*/kind=good/' "$set/alone/recipe"
run
code_is 1; builds; says "says kind 'good'"

testing 'programs that are missing, without root: all named at once'
echo 'needs=(no-such-program another-one)' >>"$set/alone/recipe"; fake id 'echo 1000'
run alone
code_is 1; builds; says 'no-such-program another-one'; says 'sudo apt-get install'

if [ "$failures" -gt 0 ]; then
  echo "$failures expectations failed in $count tests of the offline images' build." >&2
  exit 1
fi
echo "$count tests of the offline images' build passed."
