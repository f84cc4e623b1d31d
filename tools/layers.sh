#!/bin/sh
# Prints every #include that points the wrong way: a folder may include only folders
# above it. format, rules and sandbox are peers; cli and serve see the public header alone.
# Usage: tools/layers.sh [SRC]     tools/layers.sh --self-test
set -eu

allowed() {
    case $1 in
    base) echo "base" ;;
    input) echo "base input" ;;
    fact) echo "base input fact" ;;
    format) echo "base input fact format" ;;
    rules) echo "base input fact rules" ;;
    sandbox) echo "base input fact sandbox" ;;
    watch) echo "base input fact format sandbox watch" ;;
    verdict) echo "base input fact rules verdict" ;;
    scan) echo "base input fact format rules sandbox watch verdict scan" ;;
    trust) echo "base input fact format rules sandbox watch verdict scan trust" ;;
    report) echo "base input report" ;;
    cli | serve) echo "$1" ;;
    *) echo "$1" ;;
    esac
}

# check SRC: the includes of every file below SRC, judged; non-zero when one is wrong.
check() {
    bad=0
    list=$(cd "$1" && find . -name '*.[ch]' -o -name '*.def' | sort)
    for file in $list; do
        file=${file#./}
        layer=${file%%/*}
        for inc in $(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*\(["<][^">]*\)[">].*/\1/p' "$1/$file"); do
            # <...> is the system's, unless it names one of our folders
            case $inc in '<'*) [ -d "$1/$(echo "${inc#<}" | cut -d/ -f1)" ] || continue ;; esac
            inc=${inc#[\"<]}
            case " $(allowed "$layer") " in
            *" ${inc%%/*} "*) ;;
            *)
                echo "# $file includes \"$inc\": $layer may include only: $(allowed "$layer")"
                bad=1
                ;;
            esac
        done
    done
    return $bad
}

# A planted include that points the wrong way must be found, and an honest tree passes.
self_test() {
    dir=$(mktemp -d)
    trap 'rm -rf "$dir"' EXIT
    mkdir -p "$dir/format/zip" "$dir/rules" "$dir/cli"
    echo '#include "format/format.h"' >"$dir/format/zip/zip.c"
    echo '#include "cli/cli.h"' >"$dir/cli/main.c"
    check "$dir" || return 1
    echo '# include "rules/rules.h"' >"$dir/format/zip/wrong.c"
    ! check "$dir" >/dev/null || return 1
    echo '#include <rules/rules.h>' >"$dir/format/zip/wrong.c"
    ! check "$dir" >/dev/null || return 1
    rm "$dir/format/zip/wrong.c"
    echo '#include "scan/gate.h"' >"$dir/cli/wrong.c"
    ! check "$dir" >/dev/null
}

if [ "${1-}" = --self-test ]; then
    if self_test; then echo "ok 1 - layers: a planted include is found"; else
        echo "not ok 1 - layers: a planted include is found"
        exit 1
    fi
elif check "${1-src}"; then
    echo "ok 1 - layers: every include points the right way"
else
    echo "not ok 1 - layers: an include points the wrong way"
    exit 1
fi
