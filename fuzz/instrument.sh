#!/usr/bin/env bash
# RUSTC_WRAPPER of builds for fuzzing: libFuzzer counts the edges of what is tested, and not those of what draws the
# inputs and knows the answers. It takes time for each edge that an input reaches, and keeps an input for a new one.

case " $* " in
  *" --crate-name asl_engine "* | *" --crate-name asl_conformance "* | *" --crate-name jsonata_core "*) exec "$@" ;;
esac
kept=()
for argument in "$@"; do
  case $argument in
    -Cpasses=sancov-module | -Cllvm-args=-sanitizer-coverage-*) ;;
    *) kept+=("$argument") ;;
  esac
done
exec "${kept[@]}"
