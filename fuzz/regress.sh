#!/usr/bin/env bash
# Makes a regression of a crash: minimises the input, names it, and stores what it stands for beside the bytes.
# Needs nightly Rust and cargo-fuzz.

usage() {
  cat <<'TEXT'
usage: fuzz/regress.sh TARGET ARTIFACT NAME
  TARGET    the fuzz target, such as path_parse
  ARTIFACT  the input that violates a property, such as fuzz/artifacts/path_parse/crash-...
  NAME      says what was wrong, in lower case with hyphens, such as double-negation-is-printed-as-none
TEXT
}

source "$(dirname "$0")/common.sh"

[ $# -eq 3 ] && [[ $3 =~ ^[a-z0-9]+(-[a-z0-9]+)*$ ]] && [ -f "$2" ] || { usage >&2; exit 2; }
name=$(targets "$1") artifact=$2
folder=corpus/regressions/$name
kept=$folder/$3

build address "$name"
# The minimiser sets the greatest length itself.
mapfile -t options < <(arguments "$name" | grep -v '^-max_len=')
run() {
  "$(program "$name" address)" "${options[@]}" "$@" >/dev/null 2>&1
}
smallest=$(mktemp)
run -minimize_crash=1 -max_total_time=60 -exact_artifact_path="$smallest" "$artifact" || true
# Slow and large inputs do not crash, and stay as they are.
if run "$smallest"; then cp "$artifact" "$smallest"; fi

mkdir -p "$folder"
mv "$smallest" "$kept"
chmod 644 "$kept"
cargo run --quiet --package asl-fuzz --bin "$name" -- --show "$kept" >"$kept.document"
echo "$kept ($(stat -c %s "$kept") bytes) stands for:"
head -c 4000 "$kept.document"
