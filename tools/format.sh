#!/bin/sh
# clang-format decides the layout of every .c and .h. --write puts it in place; without it,
# files laid out otherwise are named (TAP). Versions differ in detail: 14 is ours.
set -eu
cd "$(dirname "$0")/.."

tool=
for t in clang-format-14 clang-format; do
    if command -v "$t" >/dev/null && "$t" --version | grep -q 'version 14\.'; then
        tool=$t
        break
    fi
done
if [ -z "$tool" ]; then
    echo "ok 1 - format # SKIP clang-format 14 is not installed"
    exit 0
fi
list=$(find src include tests -name '*.[ch]' ! -path 'tests/golden/*' ! -path '*/corpus/*' | sort)
if [ "${1-}" = --write ]; then
    # shellcheck disable=SC2086
    exec "$tool" -i $list
fi
n=0 bad=0
for file in $list; do
    n=$((n + 1))
    if ! "$tool" --dry-run -Werror "$file" 2>/dev/null; then
        echo "# $file: make format lays it out"
        bad=$((bad + 1))
    fi
done
[ "$bad" = 0 ] || printf 'not '
echo "ok 1 - format: $n files, $bad laid out otherwise"
[ "$bad" = 0 ]
