# shellcheck shell=sh
# Shared by the tests of the programs' options, which source it with the program as their $1. A
# wrong option must be named on standard error, followed by the usage; the status must be 2, and
# nothing may run.
set -u

program=$1
name=$(basename "$program")
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
    echo "$name $*: status $status"
    cat "$output" "$errors"
    failed=1
  fi
}

explains_itself() { # --help prints the usage, status 0
  if ! "$program" --help >"$output" 2>"$errors" || ! grep -q '^Usage: ' "$output"; then
    echo "$name --help: no usage"
    failed=1
  fi
}

finish() {
  rm -f "$output" "$errors"
  exit "$failed"
}
