#!/usr/bin/env bash
# Install what requirements/<which>.txt pins into .venv: `tools/setup.sh base` to run the site, `tools/setup.sh dev`
# to work on it. A second call is instant. Packages come from wherever pip or uv is set up to get them.
set -eu
cd "$(dirname "$0")/.."
which=${1:-dev}
python=${PYTHON:-python3}

# A linked environment belongs to somebody else, who keeps it up.
[ -L .venv ] && exit 0

wanted=$(sha256sum "requirements/$which.txt" | cut -d' ' -f1)
[ "$(cat ".venv/installed-$which" 2>/dev/null)" = "$wanted" ] && exit 0

say() { printf 'setup: %s\n' "$*" >&2; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    say "Python 3.11 or newer is needed. Name it with PYTHON=/path/to/python3 make setup."
    exit 1
}
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing python3-venv"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    else
        say "Python's venv module is missing. On Debian: apt-get install python3-venv. Then try again."
        exit 1
    fi
fi

say "installing requirements/$which.txt into .venv"
[ -x .venv/bin/python ] || "$python" -m venv .venv
pip_install() { .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"; }
pip_install requirements/installer.txt 2>/dev/null || say "uv cannot be had; pip will do"
if ! { [ -x .venv/bin/uv ] && .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes \
        -r "requirements/$which.txt"; }; then
    pip_install "requirements/$which.txt"
fi
printf '%s' "$wanted" >".venv/installed-$which"
# What developing needs includes what running needs.
[ "$which" = base ] || sha256sum requirements/base.txt | cut -d' ' -f1 | tr -d '\n' >.venv/installed-base
