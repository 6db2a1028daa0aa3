# Shared by the scripts of this folder; not run by itself.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly BUILD=${FUZZ_BUILD:-fuzz/target}
# Optimising across crates anew for each target takes long and makes nothing faster that is instrumented.
export CARGO_PROFILE_RELEASE_LTO=off
export RUSTC_WRAPPER=$PWD/fuzz/instrument.sh
HOST=$(rustc +nightly -vV | sed -n 's/^host: //p')

# Names of the targets, or the given ones once they are known to exist.
targets() {
  local name
  if [ $# -eq 0 ]; then
    for name in fuzz/fuzz_targets/*.rs; do basename "$name" .rs; done
    return
  fi
  for name in "$@"; do
    [ -e "fuzz/fuzz_targets/$name.rs" ] || { echo "no target '$name'" >&2; return 2; }
    echo "$name"
  done
}

# Builds one target or, without a name, all: SANITIZER [NAME]. Without a sanitizer it is built for speed: in release mode,
# without debug assertions, and without tracing comparisons.
build() {
  local sanitizer=$1 options=()
  shift
  [ "$sanitizer" != none ] || options=(--release --no-trace-compares)
  cargo +nightly fuzz build "${options[@]}" --target-dir "$BUILD/$sanitizer" --sanitizer "$sanitizer" "$@"
}

# The program of a target: NAME SANITIZER.
program() {
  echo "$BUILD/$2/$HOST/release/$1"
}

# The arguments that stand in options/NAME.options, one a line.
arguments() {
  sed -n -e 's|^dict = \(.*\)|-dict=fuzz/dictionaries/\1|p' -e '/^dict/!s|^\([a-z_]*\) = \(.*\)|-\1=\2|p' \
    "fuzz/options/$1.options"
}
