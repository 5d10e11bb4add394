# shellcheck shell=bash
# Finds the tools that ./run and ./test need, or says in one sentence what to install.
# Sourced by both; needs bash 3.2 (macOS) or later.

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

is_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# apt_has PACKAGE: whether apt could install it.
apt_has() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'; }

# apt_install PACKAGE...: quietly; the lists are fetched once if a package is not known yet.
apt_install() {
  local package
  for package in "$@"; do
    if ! apt_has "$package"; then
      apt-get update -qq >/dev/null
      break
    fi
  done
  say "installing $*"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

is_jdk_25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[".]' "$1/release"
}

# jdk_homes: every place where a JDK may be, one a line.
jdk_homes() {
  say "${JAVA_HOME:-}"
  ls -d /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home 2>/dev/null || true
  local java
  java="$(command -v java || true)"
  if [ -n "$java" ] && command -v realpath >/dev/null; then
    dirname "$(dirname "$(realpath "$java")")"
  fi
}

# use_jdk: puts a JDK 25 into JAVA_HOME, for Maven too.
use_jdk() {
  local home
  while IFS= read -r home; do
    if [ -n "$home" ] && is_jdk_25 "$home"; then
      export JAVA_HOME="$home"
      return
    fi
  done <<< "$(jdk_homes)"
  if is_root_on_debian; then
    apt_has openjdk-25-jdk-headless || apt-get update -qq >/dev/null || true
    if apt_has openjdk-25-jdk-headless; then
      apt_install openjdk-25-jdk-headless
      use_jdk
      return
    fi
  fi
  fail "no JDK 25 was found: install one, for example Temurin 25 from https://adoptium.net, or set JAVA_HOME to it."
}

use_maven() {
  if ! command -v mvn >/dev/null; then
    is_root_on_debian || fail "Maven was not found: install Maven 3.8 or later, so that \"mvn\" works."
    apt_install maven
  fi
}

node_major() { node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/'; }

use_node() {
  if ! command -v node >/dev/null && is_root_on_debian; then
    apt_install nodejs npm
  fi
  if ! command -v npm >/dev/null || [ "$(node_major)" -lt 20 ]; then
    fail "Node.js was not found or is older than 20.19: install Node.js 20 or later with npm, from https://nodejs.org."
  fi
}

# find_chromium: prints the path of a Chromium or Chrome, if there is one.
find_chromium() {
  local candidate
  for candidate in "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser \
    /usr/bin/google-chrome-stable /usr/bin/google-chrome \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    /Applications/Chromium.app/Contents/MacOS/Chromium; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then
      say "$candidate"
      return
    fi
  done
}

# use_chromium: puts the browser of the browser tests into CHROMIUM.
use_chromium() {
  CHROMIUM="$(find_chromium)"
  if [ -z "$CHROMIUM" ] && is_root_on_debian; then
    apt_install chromium
    CHROMIUM="$(find_chromium)"
  fi
  [ -n "$CHROMIUM" ] ||
    fail "no Chromium was found for the browser tests: install Chromium or Chrome, or run ./test --fast."
  export CHROMIUM
}

# The libraries that webrtc-java's native part (an independent WebRTC client in the tests) loads.
WEBRTC_LIBRARIES="libpulse0 libudev1 libx11-6 libxfixes3 libxrandr2 libxcomposite1 libdbus-1-3"

use_webrtc_libraries() {
  [ "$(uname -s)" = Linux ] || return 0
  local known missing=""
  known="$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)"
  for library in libpulse.so.0 libudev.so.1 libX11.so.6 libXfixes.so.3 libXrandr.so.2 \
    libXcomposite.so.1 libdbus-1.so.3; do
    case "$known" in *"$library"*) ;; *) missing="$missing $library" ;; esac
  done
  [ -n "$missing" ] || return 0
  is_root_on_debian ||
    fail "the media tests need these libraries:$missing (Debian: apt-get install $WEBRTC_LIBRARIES)."
  # shellcheck disable=SC2086 # a list of packages
  apt_install $WEBRTC_LIBRARIES
}

# What drives the WHIP and WHEP test of GStreamer; the test itself says what is missing elsewhere.
GSTREAMER="python3-gi gir1.2-gst-plugins-bad-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice"

use_gstreamer() {
  is_root_on_debian || return 0
  local package missing=""
  for package in $GSTREAMER; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  # shellcheck disable=SC2086 # a list of packages
  [ -z "$missing" ] || apt_install $missing
}

if command -v sha256sum >/dev/null; then SHA256="sha256sum"; else SHA256="shasum -a 256"; fi

# fingerprint PATH...: one hash of the names and contents of all source files below the paths.
fingerprint() {
  # A path that is not there (yet) changes the hash when it comes; it is no mistake.
  # shellcheck disable=SC2086 # a command with its arguments
  {
    find "$@" \( -name target -o -name node_modules -o -name dist -o -name results \) -prune \
      -o -type f ! -name '*.tsbuildinfo' -print0 2>/dev/null || true
  } | LC_ALL=C sort -z | xargs -0 $SHA256 | $SHA256 | cut -d' ' -f1
}

# is_fresh NAME HASH: whether the step called NAME was last done for this hash.
is_fresh() { [ "$(cat "target/stamps/$1" 2>/dev/null || true)" = "$2" ]; }

mark_fresh() {
  mkdir -p target/stamps
  say "$2" > "target/stamps/$1"
}

# quietly COMMAND...: runs it, and shows what it printed only if it fails.
quietly() {
  local log
  log="$(mktemp)"
  if ! "$@" > "$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# The steps below say "|| return 1" because a caller that asks how they went ("if step") switches
# "set -e" off inside them.

# install_packages: npm ci, if the lock file changed since the last time.
install_packages() {
  local hash
  hash="$(fingerprint client/package-lock.json)"
  if ! is_fresh packages "$hash" || [ ! -d client/node_modules ]; then
    say "fetching the client's packages"
    (cd client && npm ci --no-audit --no-fund --loglevel=error) || return 1
    mark_fresh packages "$hash"
  fi
}

# build_page: the SDK, the React component and the demo page.
build_page() {
  local hash
  hash="$(fingerprint client/package-lock.json client/package.json client/*.json client/sdk client/react client/demo)"
  if ! is_fresh page "$hash" || [ ! -f client/demo/dist/index.html ]; then
    say "building the page"
    quietly npm run build --silent --prefix client || return 1
    mark_fresh page "$hash"
  fi
}

# server_hash: what app/target/belfry.jar is made of.
server_hash() {
  fingerprint pom.xml ./*/pom.xml .mvn ./common/src/main ./config/src/main ./http/src/main \
    ./sfu/src/main ./signalling/src/main ./load/src/main ./app/src/main target/stamps/page
}

# build_server: app/target/belfry.jar and app/target/lib/, without tests and checks of form.
build_server() {
  local hash
  hash="$(server_hash)"
  if ! is_fresh server "$hash" || [ ! -f app/target/belfry.jar ]; then
    say "building the server"
    quietly mvn -q -B -ntp -Dstyle.color=never -T 1C -pl app -am package -Dmaven.test.skip=true -Dspotless.check.skip=true ||
      return 1
    mark_fresh server "$hash"
  fi
  # The cache is good for these very jars only; ./test makes them anew.
  if [ ! -f app/target/belfry.aot ] ||
    [ -n "$(find app/target/belfry.jar app/target/lib -name '*.jar' -newer app/target/belfry.aot)" ]; then
    train_server || return 1
  fi
}

# train_server: starts it once to write a cache of loaded and linked classes, with which every later
# start takes about half the time (JEP 483, JEP 514). Without the profiles of this run (JEP 515): a
# start forwards no media, and what it teaches the compiler makes the media path slower for a minute.
train_server() {
  local data
  data="$(mktemp -d)"
  quietly "$JAVA_HOME/bin/java" -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining \
    -XX:AOTCacheOutput=app/target/belfry.aot -jar app/target/belfry.jar \
    run --dev --check --set belfry.http.port=0 --set belfry.sfu.udp.port=0 \
    --set belfry.dataDirectory="$data" || return 1
  rm -rf "$data"
}
