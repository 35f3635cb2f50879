#!/bin/sh
# Make .venv if there is none and install the requirements file given. Says what to type where it can't.
set -eu
requirements=$1

make_venv() {
    python3 -m venv .venv 2>/dev/null && return
    rm -rf .venv
    if command -v uv >/dev/null; then uv venv --quiet --seed .venv && return; fi
    if command -v virtualenv >/dev/null; then virtualenv --quiet .venv && return; fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq >&2 && apt-get install -y -qq python3-venv >&2 && python3 -m venv .venv && return
    fi
    echo "Python can't make a virtual environment here. Type: sudo apt-get install python3-venv" >&2
    exit 1
}

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or later is needed; this is $(python3 --version)." >&2
    exit 1
fi
[ -x .venv/bin/python ] || make_venv
echo "Installing $requirements ..." >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
