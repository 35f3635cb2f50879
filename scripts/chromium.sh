#!/bin/sh
# Print the path of a Chromium: BROWSER_PATH, else PATH, else installed with apt-get where we are root.
set -eu
find_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return
    done
    return 1
}

if [ -n "${BROWSER_PATH:-}" ]; then echo "$BROWSER_PATH"; exit; fi
find_browser && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && apt-get install -y -qq chromium; } >&2 || true
    find_browser && exit
fi
echo "No Chromium found: the browser tests will fail. Type: sudo apt-get install chromium (or set BROWSER_PATH)" >&2
