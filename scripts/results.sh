# shellcheck shell=bash
# What became of the tests, read from the reports that they leave. Needs host.sh; `root` is the project's directory.

# Print where a module may have its reports: one beside the others, or one within another.
report_directories() {
  local module
  for module in "$root"/*/target "$root"/*/*/target; do
    printf '%s\n' "$module"/surefire-reports "$module"/failsafe-reports
  done
}

forget_results() {
  local directory
  while read -r directory; do rm -f "$directory"/TEST-*.xml; done < <(report_directories)
}

# Say which tests failed, with the beginning of why, and which only passed when they were repeated; end with one line that
# counts all. Fails when one of them has failed. Without reports there is nothing to say.
report_results() {
  local existing=() directory report
  while read -r directory; do
    for report in "$directory"/TEST-*.xml; do [ ! -e "$report" ] || existing+=("$report"); done
  done < <(report_directories)
  [ "${#existing[@]}" -gt 0 ] || return 0
  awk -v root="$root/" '
    function attribute(name,   value) {
      if (!match($0, " " name "=\"[^\"]*")) return ""
      value = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
      gsub(/(&#10;|[ \t])+/, " ", value); sub(/^ /, "", value)
      gsub(/&quot;/, "\"", value); gsub(/&apos;/, "'\''", value); gsub(/&lt;/, "<", value); gsub(/&gt;/, ">", value); gsub(/&amp;/, "\\&", value)
      return value
    }
    function test() {
      module = substr(FILENAME, length(root) + 1); sub(/\/target\/.*/, "", module)
      return "  " module ": " class "." name
    }
    /^ *<testcase / { all++; class = attribute("classname"); name = attribute("name"); sub(/.*\./, "", class) }
    /^ *<skipped/ { skipped++ }
    /^ *<(failure|error)[ >]/ { failed++; failures = failures test() "\n    " substr(attribute("message"), 1, 300) "\n" }
    /^ *<flaky(Failure|Error)[ >]/ {
      if (last != test()) { last = test(); repeated = repeated test() "\n    " substr(attribute("message"), 1, 300) "\n" }
    }
    END {
      if (repeated) printf "\nPassed only when repeated, so not to be trusted:\n%s", repeated
      if (failures) printf "\nFailed:\n%s", failures
      printf "\n%d passed, %d failed, %d skipped\n", all - failed - skipped, failed, skipped
      exit failed > 0
    }' "${existing[@]}"
}
