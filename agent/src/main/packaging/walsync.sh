#!/bin/sh
# Walsync's command line with a quick start. The agent's jar follows this script in the same file:
# java -jar and -javaagent take it as well.
#
# The first run of a command that reads replicas leaves its classes in $WALSYNC_CACHE (else
# $XDG_CACHE_HOME/walsync, else ~/.cache/walsync; "off": nowhere), and, if it has succeeded, has an
# archive of class data made there in the background; later runs start from that. With
# WALSYNC_PREPARE=1 it returns when the archive is made, however the command ended. Where there can
# be no archive, the command runs all the same. The folder can be deleted at any time.
# $WALSYNC_JAVA_OPTS are options for the JVM, $JAVA_HOME says which.

build=@BUILD@

self=$0
case $self in */*) ;; *) self=$(command -v -- "$self") ;; esac
java=java
[ -n "${JAVA_HOME:-}" ] && java=$JAVA_HOME/bin/java
quick='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'

plainly() {
  # shellcheck disable=SC2086 # options are words
  exec "$java" $quick ${WALSYNC_JAVA_OPTS:-} -jar "$self" "$@"
}

case ${1:-} in
  restore | ltx | timeline | verify | databases | compact | snapshot | prune | pin | pins | unpin | version) ;;
  *) plainly "$@" ;;
esac

cache=${WALSYNC_CACHE:-}
if [ -z "$cache" ]; then
  cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
  cache=${cache:+$cache/walsync}
fi
case $cache in /*) ;; *) plainly "$@" ;; esac

# Which Java it is: an archive is of one build, and those before 11 make none.
found=$(command -v -- "$java") || plainly "$@"
release=$(dirname -- "$(dirname -- "$(readlink -f -- "$found")")")/release
[ -f "$release" ] || plainly "$@"
major=
while IFS='="' read -r key _ value _; do
  [ "$key" = JAVA_VERSION ] && major=${value%%[!0-9]*}
done < "$release"
[ "${major:-0}" -ge 11 ] || plainly "$@"

classes=$cache/$build.jar
if ! [ -f "$classes" ]; then
  (umask 077 && mkdir -p -- "$cache") 2> /dev/null || plainly "$@"
  [ -O "$cache" ] || plainly "$@"
  if "$java" -XX:TieredStopAtLevel=1 -cp "$self" io.walsync.bootstrap.PlainJar "$classes.$$" > /dev/null 2>&1; then
    mv -f -- "$classes.$$" "$classes"
  else
    rm -f -- "$classes.$$"
    plainly "$@"
  fi
fi
# What others could write is not run.
[ -O "$classes" ] || plainly "$@"

java_build=$(cksum < "$release") || plainly "$@"
archive=$cache/$build-${java_build%% *}-$1
if [ -f "$archive.jsa" ]; then
  # The JVM would say on stdout what it does not like about an archive, and goes on without.
  # shellcheck disable=SC2086
  exec "$java" $quick -Xlog:disable -XX:SharedArchiveFile="$archive.jsa" ${WALSYNC_JAVA_OPTS:-} -jar "$classes" "$@"
fi
list=$archive.$$.list
: 2> /dev/null > "$list" || plainly "$@"

# Only the list of classes is written by this run: a JVM that cannot write an archive at its end
# fails, whatever it has achieved.
# shellcheck disable=SC2086
"$java" $quick -Xlog:disable -Xshare:auto -XX:DumpLoadedClassList="$list" ${WALSYNC_JAVA_OPTS:-} -jar "$classes" "$@" <&0 &
running=$!
trap 'kill -TERM $running' TERM INT HUP
wait $running
code=$?
while kill -0 $running 2> /dev/null; do
  wait $running
  code=$?
done
trap - TERM INT HUP

make_archive() {
  "$java" -Xshare:dump -XX:SharedClassListFile="$list" -XX:SharedArchiveFile="$list.jsa" -jar "$classes" &&
    mv -f -- "$list.jsa" "$archive.jsa"
  rm -f -- "$list" "$list.jsa"
}
if [ -n "${WALSYNC_PREPARE:-}" ]; then
  make_archive > /dev/null 2>&1 < /dev/null
elif [ $code -eq 0 ]; then
  make_archive > /dev/null 2>&1 < /dev/null &
else
  rm -f -- "$list"
fi
exit $code
