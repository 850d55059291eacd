#!/bin/sh
# usage: wrong_options_test.sh <the program beast>
# shellcheck source-path=SCRIPTDIR source=../wrong_options.sh
. "$(dirname "$0")/../wrong_options.sh"

refuses --bogus --bogus
refuses surplus surplus
refuses --port --port -1
refuses --port --port 65536
refuses --port --port http
refuses --threads --threads 0
refuses --threads --threads 257
refuses --threads --threads 1.5 --self-test

explains_itself

finish
