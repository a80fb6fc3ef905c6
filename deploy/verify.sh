#!/bin/sh
# verify.sh SETTINGS SEEN: `audit verify`, which ends well also while nothing is on record yet. From the first record on
# the file SEEN says that there was one: a record that is gone is found.
set -u
code=0
"$(dirname "$0")/backstop" audit verify --env-file "$1" || code=$?
case $code in
0 | 1) touch "$2" || exit ;;
3) [ -e "$2" ] || exit 0 ;; # 3: nothing is on record
esac
exit "$code"
