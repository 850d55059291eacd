#!/bin/sh
# Ends the demo in the middle of phase 2, when one of its upstreams is stopped, with signals that it
# can handle and signals that it cannot. Neither upstream may be left.
#
# usage: no_orphans_test.sh <the program isolation>
set -u

program=$1
output=$(mktemp)
failed=0
ulimit -c 0  # ABRT is one of the signals; do not write its core

# Gone, or dead and not yet collected by init: then it no longer belongs to the demo.
gone() {
  state=$(sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null) || return 0
  [ -z "$state" ] || [ "$state" = Z ] || [ "$state" = X ]
}

waitFor() { # waitFor <tenths of a second> <command>...
  tenths=$1
  shift
  while ! "$@"; do
    tenths=$((tenths - 1))
    [ "$tenths" -gt 0 ] || return 1
    sleep 0.1
  done
}

for signal in INT TERM HUP KILL ABRT; do
  : >"$output"  # here, because the shell below empties it only when it runs, too late for grep
  "$program" --plain --seconds 1 >"$output" 2>&1 &
  pid=$!
  if ! waitFor 300 grep -q '^2 ai stopped' "$output"; then
    echo "$signal: phase 2 was not reached:"
    cat "$output"
    kill -KILL "$pid"
    failed=1
    continue
  fi
  upstreams=$(sed -n 's/.* db is process \([0-9]*\) .* ai is process \([0-9]*\) .*/\1 \2/p' \
    "$output")
  sleep 0.3
  kill -s "$signal" "$pid"
  wait "$pid" 2>/dev/null
  status=$?
  if [ "$(kill -l "$status" 2>/dev/null)" != "$signal" ]; then
    echo "$signal: exit status $status"
    failed=1
  fi
  for upstream in $upstreams; do
    if ! waitFor 20 gone "$upstream"; then
      echo "$signal: upstream $upstream has outlived the demo"
      kill -KILL "$upstream"
      failed=1
    fi
  done
  [ -n "$upstreams" ] || { echo "$signal: no upstreams were named"; failed=1; }
  [ "$failed" -ne 0 ] || echo "$signal: ended with status $status, upstreams $upstreams are gone"
done

rm -f "$output"
exit "$failed"
