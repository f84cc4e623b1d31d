#!/bin/sh
# Lines run by the unit tests and the corpora: one line a file, the least covered first.
# Usage: tools/coverage.sh BUILD (a build of VARIANT=coverage).
set -eu
build=$1
find "$build" -name '*.gcda' -delete
"$build/unit" >/dev/null || echo "unit tests failed" >&2
for r in "$build"/replay_*; do
    case $r in *.*) continue ;; esac
    "$r" "tests/fuzz/corpus/${r##*/replay_}" tests/golden >/dev/null 2>&1 || echo "$r failed" >&2
done
[ ! -d tests/golden ] || "$build/pratique" scan --quiet tests/golden >/dev/null 2>&1 || true
find "$build/src" -name '*.gcda' -exec gcov -n -s src -r {} + 2>/dev/null |
    awk -F"[':%]" '
        /^File/ { file = $2 }
        /^Lines executed/ {
            split($0, a, "[:% ]+"); pct = a[3]; n = a[5]
            # the sum that gcov adds at its end has no file
            if (file ~ /\.c$/) { printf "%6.1f%% of %5d  %s\n", pct, n, file; hit += pct * n / 100; all += n }
            file = ""
        }
        END { if (all) printf "%6.1f%% of %5d  in all\n", 100 * hit / all, all }' | sort -n
