#!/bin/sh
# Installs what the build and the tests need, on Debian 12 and later: only what is missing.
# Says first what it will do; where it may not install, it names the packages instead.
set -eu

build="gcc make libc6-dev libdeflate-dev libbz2-dev liblzma-dev libzstd-dev liblz4-dev zlib1g-dev
    libarchive-dev libjansson-dev libyaml-dev libssl-dev libcurl4-openssl-dev"
tests="clang clang-format python3 python3-venv mandoc pkg-config unzip minisign openssh-client
    gnupg gpgv openssl python3-setuptools python3-wheel python3-hatchling"

# What clang needs for its sanitizers and for fuzzing is a package of its version.
clang_runtime() {
    apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9][0-9]*\)$/libclang-rt-\1-dev/p' |
        head -n 1
}

missing_of() {
    for p in "$@"; do
        dpkg -s "$p" 2>/dev/null | grep -q '^Status:.* installed$' || printf ' %s' "$p"
    done
}

if ! command -v dpkg >/dev/null; then
    echo "deps: this is no Debian; the build needs what these packages hold:" $build
    exit 0
fi
# shellcheck disable=SC2046,SC2086
missing=$(missing_of $build $tests $(clang_runtime))
if [ -z "$missing" ]; then
    echo "deps: nothing is missing"
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=sudo
else
    echo "deps: these Debian packages are missing; as root: apt-get install$missing" >&2
    # shellcheck disable=SC2086
    [ -z "$(missing_of $build)" ] # what only tests need, they do without, and say so
    exit
fi
export DEBIAN_FRONTEND=noninteractive
echo "deps: asking the package lists (apt-get update)"
$as_root apt-get -qq update
# shellcheck disable=SC2046,SC2086
missing=$(missing_of $build $tests $(clang_runtime))
echo "deps: installing$missing"
# shellcheck disable=SC2086
$as_root apt-get -qq install -y --no-install-recommends $missing
