#!/bin/sh
# Runs every fuzz target of a build folder over its corpus for a number of seconds.
# Usage: tools/fuzz.sh BUILD SECONDS [TARGET...]. New inputs stay in BUILD/corpus, crashes
# in BUILD/crashes; non-zero exit when there is one.
set -eu
build=$1 seconds=$2
shift 2
[ $# -gt 0 ] || set -- $(cd "$build" && ls -d fuzz_* | grep -v '[.]' | sed 's/^fuzz_//')
mkdir -p "$build/crashes"
bad=
for t in "$@"; do
    seeds=tests/fuzz/corpus/$t
    mkdir -p "$build/corpus/$t" "$seeds"
    echo "== fuzz_$t: $seconds s"
    if ! "$build/fuzz_$t" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$build/crashes/$t-" -print_final_stats=1 \
        "$build/corpus/$t" "$seeds" >"$build/fuzz_$t.log" 2>&1; then
        bad="$bad $t"
        grep -E 'ERROR|SUMMARY|Test unit written' "$build/fuzz_$t.log" || tail -5 "$build/fuzz_$t.log"
    fi
    grep -E 'stat::(number_of_executed_units|peak_rss_mb)|cov:' "$build/fuzz_$t.log" | tail -3
done
[ -z "$bad" ] || { echo "failed:$bad (logs and inputs in $build)"; exit 1; }
