# shellcheck shell=bash
# Real peers for the integration tests: other readers and writers of our format, real S3 servers,
# a container engine. Sourced by run. Each step is bounded in time and may fail: then it is
# recorded in SKIPPED and the tests that would use it skip.
#
# Binaries are kept between runs, outside the checkout, in $PEER_CACHE/<name>-<version>/, with
# links in $PEER_CACHE/bin, which goes in front of PATH.

readonly PEER_CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/walsync-peers"
readonly PEER_LOG="$PEER_CACHE/log"

readonly PACKAGES_SECONDS=420
readonly GO_INSTALL_SECONDS=900 # MinIO, the longest, took 180 s on two cores
readonly DOCKER_START_SECONDS=60
readonly IMAGE_SECONDS=180
readonly S3_START_SECONDS=30
readonly JDKS_SECONDS=600 # 45 s with a near mirror
readonly LOOK_AHEAD_SECONDS=180
readonly JDK_PROBE_SECONDS=30
readonly LEGACY_JDKS="8 11 21"
readonly OLDEST_LOOK_AHEAD=26 # what is newer than the JDKs of the tests is early access to them

readonly LITESTREAM=github.com/benbjohnson/litestream/cmd/litestream
readonly MINIO=github.com/minio/minio
readonly MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
readonly VERSITYGW=github.com/versity/versitygw/cmd/versitygw
readonly VERSITYGW_VERSION=v1.8.0
readonly S3_IMAGE=walsync-test/minio:20260212

SKIPPED=()
PEER_PROPERTIES=()
DOCKERD_PID=
S3_SERVER_PID=
S3_SERVER_DATA=

peers_prepare() {
  mkdir -p "$PEER_CACHE/bin" "$PEER_LOG"
  export PATH="$PEER_CACHE/bin:$PATH"
  timed packages
  timed go_peer litestream-0.5.18 "$LITESTREAM" v0.5.18
  timed go_peer litestream-0.5.15 "$LITESTREAM" v0.5.15
  timed go_peer versitygw "$VERSITYGW" "$VERSITYGW_VERSION"
  timed go_peer minio "$MINIO" "$MINIO_VERSION"
  timed other_jdks
  timed s3_server
  timed docker_engine && timed s3_image
  return 0
}

timed() {
  local start=$SECONDS status
  "$@"
  status=$?
  echo "ci: $1 ${2:-} took $((SECONDS - start)) s"
  return "$status"
}

skip() {
  SKIPPED+=("$1")
  echo "ci: skipped $1"
  return 1
}

# Debian packages: the foreign process, the container engine, the maker of root file systems,
# the checker of these scripts.
packages() {
  local missing=()
  command -v sqlite3 >/dev/null || missing+=(sqlite3)
  command -v dockerd >/dev/null || missing+=(docker.io)
  command -v debootstrap >/dev/null || missing+=(debootstrap)
  command -v shellcheck >/dev/null || missing+=(shellcheck)
  ((${#missing[@]} == 0)) && return 0
  ((EUID == 0)) || { skip "packages ${missing[*]}: not root"; return 1; }
  command -v apt-get >/dev/null || { skip "packages ${missing[*]}: no apt-get"; return 1; }
  local log="$PEER_LOG/packages.log"
  DEBIAN_FRONTEND=noninteractive timeout "$PACKAGES_SECONDS" bash -c \
    'apt-get -q update && apt-get -q install -y --no-install-recommends "$@"' _ \
    "${missing[@]}" >"$log" 2>&1 ||
    skip "packages ${missing[*]}: $(last_line "$log")"
}

# go_peer NAME MODULE VERSION: builds one command once and links it as $PEER_CACHE/bin/NAME.
go_peer() {
  local name=$1 module=$2 version=$3
  local home="$PEER_CACHE/${name%-[0-9]*}-$version" log="$PEER_LOG/$name.log"
  local binary
  binary="$home/$(basename "$module")"
  if [[ ! -x "$binary" ]]; then
    if command -v "$name" >/dev/null && [[ "$(command -v "$name")" != "$PEER_CACHE"/* ]]; then
      return 0 # the machine brings its own
    fi
    command -v go >/dev/null || { skip "$name: no Go toolchain"; return 1; }
    mkdir -p "$home"
    CGO_ENABLED=0 GOFLAGS=-p=2 GOBIN="$home" timeout --kill-after=10 "$GO_INSTALL_SECONDS" \
      go install "$module@$version" >"$log" 2>&1 ||
      { skip "$name: $(last_line "$log") (stopped after at most $GO_INSTALL_SECONDS s)"; return 1; }
  fi
  ln -sfn "$binary" "$PEER_CACHE/bin/$name"
}

# JDKs that this Debian does not have, in a root file system of a release that does: the legacy ones
# and the newest there is. Each gets a folder with a bin/java that runs it there, in a mount
# namespace of its own that shows it the folders of this machine which tests use.
other_jdks() {
  local tree="$PEER_CACHE/jdk-tree" log="$PEER_LOG/jdks.log" feature packages='' homes='' newest
  ((EUID == 0)) || { skip "JDKs $LEGACY_JDKS: not root"; return 1; }
  if [[ ! -e "$tree/complete" ]]; then
    command -v debootstrap >/dev/null || { skip "JDKs $LEGACY_JDKS: no debootstrap"; return 1; }
    for feature in $LEGACY_JDKS; do packages+=",openjdk-$feature-jre-headless"; done
    rm -rf --one-file-system "$tree"
    timeout --kill-after=30 "$JDKS_SECONDS" debootstrap --variant=minbase \
      --include="${packages#,}" sid "$tree" >"$log" 2>&1 ||
      { skip "JDKs $LEGACY_JDKS: $(last_line "$log")"; return 1; }
    touch "$tree/complete"
  fi
  newest=$(look_ahead_jdk "$tree") || newest=''
  for feature in $LEGACY_JDKS $newest; do
    other_jdk "$tree" "$feature" && homes+=":$PEER_CACHE/jdk-$feature"
  done
  [[ -n "$newest" ]] || skip "look-ahead JDK: $(last_line "$PEER_LOG/jdk-look-ahead.log")"
  [[ -z "$homes" ]] || PEER_PROPERTIES+=("-Dwalsync.jdks=${homes#:}")
}

# Prints the feature number of the newest JDK that the tree's release packages, installed there.
look_ahead_jdk() {
  local tree=$1 log="$PEER_LOG/jdk-look-ahead.log"
  # The package's own set-up runs java, which wants /proc.
  # shellcheck disable=SC2016 # it is the inner shells that expand
  timeout --kill-after=30 "$LOOK_AHEAD_SECONDS" unshare --mount sh -c '
    mount -t proc proc "$1/proc" && exec chroot "$1" sh -c "
      newest=\$(apt-cache search --names-only \"^openjdk-[0-9]+-jre-headless\$\" |
        sed \"s/^openjdk-\\([0-9]*\\).*/\\1/\" | sort -n | tail -n 1)
      [ \"\$newest\" -ge $2 ] || { echo \"none is packaged\" >&2; exit 1; }
      [ -x /usr/lib/jvm/java-\$newest-openjdk-*/bin/java ] || {
        apt-get -q update >&2
        DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
          openjdk-\$newest-jre-headless >&2 || exit 1
      }
      echo \$newest"' sh "$tree" "$OLDEST_LOOK_AHEAD" 2>"$log"
}

other_jdk() {
  local tree=$1 feature=$2 home="$PEER_CACHE/jdk-$2" folders="/proc /dev /tmp" folder
  local inside
  inside="/usr/lib/jvm/java-$feature-openjdk-$(dpkg --print-architecture)/bin/java"
  for folder in "$PWD" "$HOME" "$PEER_CACHE"; do
    folder="/$(cut -d / -f 2 <<<"$folder")"
    [[ " $folders " == *" $folder "* ]] || folders+=" $folder"
  done
  mkdir -p "$home/bin"
  cat >"$home/bin/java" <<-SCRIPT
	#!/bin/sh
	exec unshare --mount sh -c '
	  for folder in $folders; do
	    mkdir -p "$tree\$folder" && mount --rbind "\$folder" "$tree\$folder" || exit 1
	  done
	  exec chroot "$tree" env -C "\$PWD" "$inside" "\$@"' java "\$@"
	SCRIPT
  chmod +x "$home/bin/java"
  printf 'JAVA_VERSION="%s"\n' "$([[ $feature == 8 ]] && echo 1.8.0 || echo "$feature")" \
    >"$home/release"
  timeout "$JDK_PROBE_SECONDS" "$home/bin/java" -version >"$PEER_LOG/jdk-$feature.log" 2>&1 ||
    { skip "JDK $feature: $(last_line "$PEER_LOG/jdk-$feature.log")"; return 1; }
}

# A real S3 server for tests that want one named: MinIO with one bucket, which is a folder.
s3_server() {
  local log="$PEER_LOG/s3-server.log" port=$((20000 + RANDOM % 10000)) deadline
  command -v minio >/dev/null || { skip "S3 server: no minio binary"; return 1; }
  S3_SERVER_DATA=$(mktemp -d)
  mkdir "$S3_SERVER_DATA/walsync-ci"
  MINIO_ROOT_USER=walsync-ci MINIO_ROOT_PASSWORD=walsync-ci-secret \
    minio server "$S3_SERVER_DATA" --address "127.0.0.1:$port" >"$log" 2>&1 &
  S3_SERVER_PID=$!
  deadline=$((SECONDS + S3_START_SECONDS))
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    if ((SECONDS >= deadline)) || ! kill -0 "$S3_SERVER_PID" 2>/dev/null; then
      skip "S3 server: minio did not start: $(last_line "$log")"
      return 1
    fi
    sleep 1
  done
  PEER_PROPERTIES+=("-Ds3.endpoint=http://127.0.0.1:$port" -Ds3.bucket=walsync-ci
    -Ds3.access-key=walsync-ci -Ds3.secret-key=walsync-ci-secret)
}

# Starts dockerd unless an engine answers; peers_stop ends the one started here.
docker_engine() {
  command -v docker >/dev/null || { skip "containers: no docker client"; return 1; }
  if ! timeout 10 docker info >/dev/null 2>&1; then
    command -v dockerd >/dev/null || { skip "containers: no dockerd"; return 1; }
    ((EUID == 0)) || { skip "containers: no engine answers and not root"; return 1; }
    dockerd >"$PEER_LOG/dockerd.log" 2>&1 &
    DOCKERD_PID=$!
    local deadline=$((SECONDS + DOCKER_START_SECONDS))
    until timeout 5 docker info >/dev/null 2>&1; do
      if ((SECONDS >= deadline)) || ! kill -0 "$DOCKERD_PID" 2>/dev/null; then
        skip "containers: dockerd did not start: $(last_line "$PEER_LOG/dockerd.log")"
        return 1
      fi
      sleep 1
    done
  fi
  # No registry is needed: the test images are made here, and Testcontainers pulls no helper.
  export TESTCONTAINERS_HOST_OVERRIDE=localhost TESTCONTAINERS_RYUK_DISABLED=true
}

# The S3 server as an image: one static binary on nothing.
s3_image() {
  local log="$PEER_LOG/s3-image.log" context status
  if ! docker image inspect "$S3_IMAGE" >/dev/null 2>&1; then
    command -v minio >/dev/null || { skip "S3 container: no minio binary"; return 1; }
    context=$(mktemp -d)
    cp -L "$(command -v minio)" "$context/minio"
    mkdir "$context/data"
    printf '%s\n' 'FROM scratch' 'COPY minio /minio' 'COPY data /data' 'EXPOSE 9000' \
      'ENTRYPOINT ["/minio"]' 'CMD ["server", "/data", "--address", ":9000"]' \
      >"$context/Dockerfile"
    DOCKER_BUILDKIT=0 timeout "$IMAGE_SECONDS" docker build -q -t "$S3_IMAGE" "$context" \
      >"$log" 2>&1
    status=$?
    rm -rf "$context"
    ((status == 0)) || { skip "S3 container: $(last_line "$log")"; return 1; }
  fi
  PEER_PROPERTIES+=("-Ds3.image=$S3_IMAGE")
}

peers_stop() {
  local pid
  for pid in $S3_SERVER_PID $DOCKERD_PID; do
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
  [[ -n "$S3_SERVER_DATA" ]] && rm -rf "$S3_SERVER_DATA"
  S3_SERVER_PID='' DOCKERD_PID='' S3_SERVER_DATA=''
}

peers_report_skipped() {
  local reason
  for reason in ${SKIPPED[@]+"${SKIPPED[@]}"}; do
    echo "skipped preparation: $reason"
  done
}

last_line() {
  tail -n 1 "$1" 2>/dev/null | cut -c 1-200
}
