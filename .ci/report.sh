# shellcheck shell=bash
# What a run did, read from the XML reports of Surefire and Failsafe. Sourced by run.

readonly SLOWEST_COUNT=15

# One line a test class: "seconds tests errors failures skipped module class".
report_classes() {
  # shellcheck disable=SC2016 # it is awk that expands
  find . -path '*/target/*-reports*/TEST-*.xml' -print0 |
    xargs -0 -r awk '
      function attribute(name,   text) {
        if (!match(line, " " name "=\"[^\"]*\"")) return ""
        text = substr(line, RSTART, RLENGTH)
        gsub(/^[^"]*"|"$/, "", text)
        return text
      }
      FNR == 1 { done = 0; line = "" }
      done { next }
      /<testsuite / { collecting = 1 }
      collecting { line = line " " $0 }
      collecting && />/ {
        split(FILENAME, path, "/")
        printf "%s %s %s %s %s %s %s\n", attribute("time"), attribute("tests"),
          attribute("errors"), attribute("failures"), attribute("skipped"), path[2],
          attribute("name")
        collecting = 0; done = 1
      }'
}

report_durations() {
  echo "--- slowest test classes (seconds, module, class) ---"
  report_classes | sort -rn | head -n "$SLOWEST_COUNT" | awk '{ print $1, $6, $7 }'
}

# The lines that the integration tests leave: "skipped: NAME because REASON".
report_skipped_tests() {
  find . -path '*/target/skipped*.txt' -exec cat {} + 2>/dev/null | sort | uniq -c |
    sed 's/^ *\([0-9]*\) /\1 x /'
}

# The tables that tests leave: what ran on which Java, with which driver, in which container.
report_tables() {
  local table
  for table in it-tests/target/*-matrix.md; do
    [[ -f "$table" ]] && echo "--- ${table##*/} ---" && cat "$table"
  done
}

report_totals() {
  report_classes | awk '
    { tests += $2; bad += $3 + $4; skipped += $5 }
    END { printf "%d passed, %d failed, %d skipped\n", tests - bad - skipped, bad, skipped }'
}
