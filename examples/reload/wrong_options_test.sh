#!/bin/sh
# usage: wrong_options_test.sh <the program reload>
# shellcheck source-path=SCRIPTDIR source=../wrong_options.sh
. "$(dirname "$0")/../wrong_options.sh"

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

explains_itself

# No initial configuration: prints the faults without the usage.
"$program" /nowhere/limits.json >"$output" 2>"$errors"
if [ "$?" -ne 1 ] || [ -s "$output" ] || ! grep -q '^reload: .*/nowhere' "$errors"; then
  echo "reload /nowhere/limits.json:"
  cat "$output" "$errors"
  failed=1
fi

finish
