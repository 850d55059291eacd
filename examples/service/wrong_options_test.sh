#!/bin/sh
# usage: wrong_options_test.sh <the program service>
# shellcheck source-path=SCRIPTDIR source=../wrong_options.sh
. "$(dirname "$0")/../wrong_options.sh"

refuses --bogus --bogus
refuses something something
refuses --port --port -1
refuses --port --port 65536
refuses --port --port http
refuses --load --load -1
refuses --load --load 11
refuses --load --load nan
refuses --grace --grace -1
refuses --grace --grace soon
refuses --execution-timeout --execution-timeout -1
refuses --execution-timeout --execution-timeout nan
refuses --host --host

explains_itself

# An address of another machine: prints the error without the usage.
"$program" --host 192.0.2.1 >"$output" 2>"$errors"
if [ "$?" -ne 1 ] || [ -s "$output" ] || ! grep -q '^service: cannot listen on 192' "$errors"; then
  echo "service --host 192.0.2.1:"
  cat "$output" "$errors"
  failed=1
fi

finish
