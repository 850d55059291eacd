#!/bin/sh
# usage: wrong_options_test.sh <the program isolation>
# shellcheck source-path=SCRIPTDIR source=../wrong_options.sh
. "$(dirname "$0")/../wrong_options.sh"

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

explains_itself

finish
