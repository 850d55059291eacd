#!/bin/sh
# usage: wrong_options_test.sh <the program sizing>
# shellcheck source-path=SCRIPTDIR source=../wrong_options.sh
. "$(dirname "$0")/../wrong_options.sh"

given="--rate 10 --p50 10ms --p99 100ms --sla 1s"

# shellcheck disable=SC2086 # $given is several words
wrong() { # wrong <what has to be named> <options>...: beside $given
  named=$1
  shift
  refuses "$named" $given "$@"
}

refuses --rate
refuses --rate --p50 10ms --sla 1s
refuses --sla --rate 10 --p50 10ms
refuses 'one of --mean, --p50, --p90 and --p99' --rate 10 --sla 1s
wrong --bogus --bogus
wrong '--rate: 0 is not above 0' --rate 0
wrong '--rate: -1 ' --rate -1
wrong '--rate: nan ' --rate nan
wrong '--rate: with these times' --rate 1e7
wrong '--rate' --rate many
wrong '--p50: 20 is not a duration' --p50 20
wrong '--p50: 20m is not a duration' --p50 20m
wrong '--p50: -1ms is not a duration' --p50 -1ms
wrong '--p50: nanms is not a duration' --p50 nanms
wrong '--p50: 0ms is not above 0' --p50 0ms
wrong '--sla: 2h is not a duration' --sla 2h
wrong '--sla: 3601s is not above 0 and at most 3600s' --sla 3601s
wrong '--p99: it is below --p50' --p50 101ms
wrong '--p90: it is below --p50' --p90 9ms
wrong '--p99: it is below --p90' --p90 101ms
wrong '--work-timeout: it is below a percentile' --work-timeout 99ms
wrong '--target: 0 ' --target 0
wrong '--target: 0.6 ' --target 0.6
wrong '--work' --work disk
wrong '--work cpu: it needs --cores' --work cpu
wrong '--cores: it needs --work cpu' --cores 4
wrong '--cores' --work cpu --cores 0
wrong '--threads' --threads 1
wrong '--threads' --threads 1.5
refuses '--mean: a mean below the p50' --rate 10 --sla 1s --mean 10ms --p50 11ms
refuses '--mean: a mean above' --rate 10 --sla 1s --mean 100ms --p99 11ms

explains_itself

# If the SLA or the target cannot be met, the program says so with status 1, after the best limits.
ends_with() { # ends_with <status> <what is said> <options>...
  wanted=$1
  said=$2
  shift 2
  "$program" "$@" >"$output" 2>"$errors"
  status=$?
  if [ "$status" -ne "$wanted" ] || ! cat "$output" "$errors" | grep -q -e "$said"; then
    echo "$name $*: status $status"
    cat "$output" "$errors"
    failed=1
  fi
}

# shellcheck disable=SC2086
{
  ends_with 0 '^maxConcurrent  ' $given
  ends_with 1 'the SLA cannot be met: 50.0 % of the calls take longer than 10 ms' $given --sla 10ms
  ends_with 1 'turned away, not 0.10 %' $given --rate 1000 --work cpu --cores 4
  ends_with 1 '--threads leaves 3' $given --rate 1000 --threads 4
  ends_with 0 '^Note: 1 of 4 threads' $given --threads 4
  ends_with 0 'the permits are 8[0-9.]* % busy' $given --rate 105 --work cpu --cores 2 --target 0.1
  ends_with 0 '^Note: one number' --rate 10 --sla 1s --p50 10ms
  ends_with 0 '^Note: the percentiles say that the mean is 16' $given --mean 100ms
  ends_with 0 'give the work a timeout' $given --p90 11ms --sla 2s
  ends_with 0 '^{"maxConcurrent": 1, "maxQueueSize": [0-9]*, "queueTimeout": "900ms"}$' \
    $given --json
}

finish
