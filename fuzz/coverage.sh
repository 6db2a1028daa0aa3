#!/usr/bin/env bash
# Measures which lines of the engine the conformance cases, the properties and the corpora of the fuzz targets reach,
# and writes fuzz/coverage.md. Needs cargo-llvm-cov, jq and LLVM's tools: rustup's component llvm-tools, or programs
# named by LLVM_COV and LLVM_PROFDATA.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo llvm-cov --no-report test --quiet --locked -p asl-conformance --test suite --test properties -p asl-fuzz --test replay
report=$(cargo llvm-cov report --json --summary-only)

row='"| \(.name) | \(.count) | \(.count - .covered) | \(.percent * 10 | floor / 10) |"'
{
  echo '# Coverage'
  echo
  echo 'Lines of `engine/src` that the conformance cases, the properties of `conformance/tests` and the corpora of the fuzz'
  echo 'targets reach, unit tests apart. Written by `fuzz/coverage.sh`.'
  echo
  echo '| file | lines | missed | % |'
  echo '|---|--:|--:|--:|'
  jq -r --arg root "$PWD/engine/src/" "
    [.data[].files[] | select(.filename | startswith(\$root)) | .summary.lines + {name: (.filename | ltrimstr(\$root))}] |
    (sort_by(.percent, .name)[] | $row),
    ({name: \"**all**\", count: ([.[].count] | add), covered: ([.[].covered] | add)} | .percent = 100 * .covered / .count | $row)
  " <<<"$report"
} >fuzz/coverage.md
tail -n 1 fuzz/coverage.md
