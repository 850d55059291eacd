#!/bin/sh
# A wrong option is named on standard error, the usage follows, the status is 2, and nothing ran.
#
# usage: wrong_options_test.sh <the program isolation>
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
    echo "isolation $*: status $status"
    cat "$output" "$errors"
    failed=1
  fi
}

refuses --bogus --bogus
refuses something something
refuses --seconds --seconds
refuses --seconds --seconds 0
refuses --seconds --seconds nan
refuses --seconds --seconds 1e9
refuses --seconds --seconds two
refuses --ai-limit --ai-limit 0
refuses --db-limit --db-limit -1
refuses --pool --pool 0
refuses --queue --queue -1
refuses --queue --queue 1.5
refuses --queue-timeout --queue-timeout -5
refuses --queue-timeout --queue-timeout 99999999999999999999
refuses --upstream-timeout --upstream-timeout 0
refuses --db-rate --db-rate 0
refuses --ai-rate --ai-rate ''
refuses --clients --clients 100000

if ! "$program" --help >"$output" 2>"$errors" || ! grep -q '^Usage: ' "$output"; then
  echo "isolation --help: no usage"
  failed=1
fi

rm -f "$output" "$errors"
exit "$failed"
