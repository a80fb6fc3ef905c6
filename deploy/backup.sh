#!/bin/sh
# backup.sh FOLDER: a copy of the record of DATABASE_URL into the folder, tried before it counts; the newest KEEP stay.
# With SQLite it asks the `backstop` beside it to verify the copy, so install it there. With PostgreSQL it needs pg_dump.
set -eu
umask 077
folder=$1
here=$(dirname "$0")
name=$folder/backstop-$(date -u +%Y%m%dT%H%M%SZ)
part=$name.part # a name that no copy has, until it is whole
trap 'rm -f "$part" "$part-wal" "$part-shm"' EXIT

case ${DATABASE_URL:?} in
sqlite:///*)
    file=${DATABASE_URL#sqlite:///}
    "$here/python" -c 'import sqlite3, sys
with sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True) as record, sqlite3.connect(sys.argv[2]) as copy:
    record.backup(copy)' "${file%%\?*}" "$part"
    code=0
    DATABASE_URL=sqlite:///$part "$here/backstop" audit verify || code=$?
    # 3: nothing is on record. Where there are copies, there was something.
    [ "$code" -ne 3 ] || ls "$folder" | grep -q '^backstop-.*\.db$' || exit 0
    [ "$code" -eq 0 ] || exit "$code"
    kind=db
    ;;
*)
    pg_dump --format=custom --file="$part" "postgresql:${DATABASE_URL#*:}"
    pg_restore --list "$part" >/dev/null
    kind=dump
    ;;
esac
mv "$part" "$name.$kind"
ls -1 "$folder" | grep '^backstop-.*\.'"$kind"'$' | sort -r | tail -n "+$((${KEEP:-14} + 1))" | while read -r old; do
    rm "$folder/$old"
done
