#!/bin/bash -eu
# Builds every fuzz target into $OUT, with its seeds, its dictionary and its options. Run at the root of the repository
# by OSS-Fuzz and ClusterFuzzLite, which set SRC, OUT, SANITIZER, FUZZING_ENGINE, RUSTFLAGS and CXXFLAGS.

case $FUZZING_ENGINE in
  libfuzzer | centipede | afl | honggfuzz) ;;
  *) echo "no such engine: $FUZZING_ENGINE" >&2; exit 1 ;;
esac
case $SANITIZER in
  # The wrapper of cargo in their image takes coverage builds over, whatever is asked here.
  address | coverage) sanitizer=address ;;
  none | introspector) sanitizer=none ;;
  *) echo "Rust has no sanitizer '$SANITIZER' that needs no rebuilt standard library" >&2; exit 1 ;;
esac

host=$(rustc -vV | sed -n 's/^host: //p')
# Optimising across crates anew for each target takes long and makes nothing faster that is instrumented.
export CARGO_PROFILE_RELEASE_LTO=off
export RUSTC_WRAPPER=$PWD/fuzz/instrument.sh
# Debug assertions stay on: an overflow is a finding.
cargo fuzz build --release --debug-assertions --sanitizer "$sanitizer" --target-dir "fuzz/target/$sanitizer"
for shim in fuzz/fuzz_targets/*.rs; do
  name=$(basename "$shim" .rs)
  cp "fuzz/target/$sanitizer/$host/release/$name" "$OUT/"
  # The dictionary is found by the name of the target.
  dictionary=$(sed -n 's/^dict = //p' "fuzz/options/$name.options")
  if [ -n "$dictionary" ]; then
    cp "fuzz/dictionaries/$dictionary" "$OUT/$name.dict"
  fi
  sed '/^dict = /d' "fuzz/options/$name.options" >"$OUT/$name.options"
  seeds=$(mktemp -d)
  for folder in "corpus/$name" "corpus/regressions/$name"; do
    [ ! -d "$folder" ] || find "$folder" -type f ! -name '*.document' -exec cp {} "$seeds" \;
  done
  (cd "$seeds" && zip -q -r "$OUT/${name}_seed_corpus.zip" .)
  rm -r "$seeds"
done
