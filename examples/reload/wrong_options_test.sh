#!/bin/sh
# A wrong option is named on standard error, the usage follows, the status is 2, and nothing ran.
#
# usage: wrong_options_test.sh <the program reload>
set -u

program=$1
output=$(mktemp)
errors=$(mktemp)
failed=0

refuses() { # refuses <what has to be named> <options>...
  named=$1
  shift
  "$program" "$@" >"$output" 2>"$errors"
  status=$?
  if [ "$status" -ne 2 ] || [ -s "$output" ] || ! head -n 1 "$errors" | grep -q -e "$named" ||
     ! grep -q '^Usage: ' "$errors"; then
    echo "reload $*: status $status"
    cat "$output" "$errors"
    failed=1
  fi
}

refuses --bogus --bogus
refuses --bogus file --bogus
refuses 'a configuration file'
refuses --self-test --self-test file
refuses second first second
refuses --rate --rate 0 file
refuses --rate --rate -1 file
refuses --rate --rate 1.5 file
refuses --rate --rate 100001 --self-test
refuses --seconds --seconds -1 file
refuses --seconds --seconds nan file
refuses --seconds --seconds two file

if ! "$program" --help >"$output" 2>"$errors" || ! grep -q '^Usage: ' "$output"; then
  echo "reload --help: no usage"
  failed=1
fi

# No configuration to begin with: its faults, and not the usage.
"$program" /nowhere/limits.json >"$output" 2>"$errors"
if [ "$?" -ne 1 ] || [ -s "$output" ] || ! grep -q '^reload: .*/nowhere' "$errors"; then
  echo "reload /nowhere/limits.json:"
  cat "$output" "$errors"
  failed=1
fi

rm -f "$output" "$errors"
exit "$failed"
