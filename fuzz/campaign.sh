#!/usr/bin/env bash
# Fuzzes all targets in turn, minimises their corpora and writes the summary into fuzz/README.md and fuzz/campaign.json.
# Needs nightly Rust, cargo-fuzz and jq.

usage() {
  cat <<'TEXT'
usage: fuzz/campaign.sh [--seconds N] [--jobs N] [--slice N] [--plain N] [--resume] [TARGET...]
  --seconds N  how long to fuzz, builds and minimisation apart (default 600; 0: only minimise, measure and summarise)
  --jobs N     targets that run at a time (default: all cores)
  --slice N    seconds that a target runs before it is the turn of the next one (default 60)
  --plain N    seconds for which each target is also run without sanitizer, which finds more, and without libFuzzer,
               for its speed (default 10; 0: not at all)
  --resume     add to the figures and inputs of the campaign before, instead of starting anew
TEXT
}

source "$(dirname "$0")/common.sh"

readonly WORK=$BUILD/campaign
seconds=600 jobs=$(nproc) slice=60 plain=10 resume=
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    --slice) slice=$2; shift 2 ;;
    --plain) plain=$2; shift 2 ;;
    --resume) resume=yes; shift ;;
    -*) usage >&2; exit 2 ;;
    *) break ;;
  esac
done
mapfile -t names < <(targets "$@")
[ ${#names[@]} -gt 0 ] || exit 2

# The last number after a word such as `cov:` or `stat::peak_rss_mb:` in a log; 0 without one.
figure() {
  sed -n "s/.*$1 *\([0-9][0-9]*\).*/\1/p" "$2" | tail -n 1 | grep . || echo 0
}

# The coverage that the corpus had before the first new input.
initial() {
  sed -n "s/.*INITED.* $1 \([0-9]*\).*/\1/p" "$2" | head -n 1 | grep . || echo 0
}

# One turn of a target: NAME SANITIZER SECONDS. Adds a line of JSON to the record.
turn() {
  local name=$1 sanitizer=$2 log found crashes
  found=$WORK/found/$name
  mkdir -p "$found" "$WORK/log" "corpus/$name" "fuzz/artifacts/$name"
  log=$(mktemp "$WORK/log/$name.$sanitizer.XXXXXX")
  mapfile -t options < <(arguments "$name")
  # A crash ends the turn, not the campaign: its input stays among the artifacts.
  "$(program "$name" "$sanitizer")" "${options[@]}" -max_total_time="$3" -print_final_stats=1 \
    -artifact_prefix="fuzz/artifacts/$name/" "$found" "corpus/$name" >"$log" 2>&1 || true
  crashes=$(grep -c '^artifact_prefix=' "$log" || true)
  jq -cn --arg target "$name" --arg sanitizer "$sanitizer" --argjson crashes "$crashes" --argjson seconds "$3" \
    --argjson executions "$(figure 'number_of_executed_units:' "$log")" \
    --argjson speed "$(figure 'average_exec_per_sec:' "$log")" \
    --argjson memory "$(figure 'peak_rss_mb:' "$log")" \
    --argjson coverage "[$(initial cov: "$log"), $(figure 'cov:' "$log")]" \
    --argjson features "[$(initial ft: "$log"), $(figure 'ft:' "$log")]" '$ARGS.named' |
    tee -a "$WORK/record.jsonl" |
    jq -r '"\(.target): \(.speed)/s, coverage \(.coverage[0]) to \(.coverage[1]), \(.crashes) crashes"'
}

# Runs the corpus of a target on stable Rust, over and over: NAME SECONDS. Adds a line of JSON to the record.
alone() {
  jq -cn --arg target "$1" --argjson speed "$("target/release/$1" --measure "$2" "corpus/$1")" \
    '{target: $target, sanitizer: "no libFuzzer", speed: $speed}' >>"$WORK/record.jsonl"
}

# Replaces a corpus by the smallest inputs that reach all that it and the campaign reached.
minimise() {
  local name=$1 merged=$WORK/merged/$1
  rm -rf "$merged"
  mkdir -p "$merged" "$WORK/found/$name"
  mapfile -t options < <(arguments "$name")
  "$(program "$name" address)" "${options[@]}" -merge=1 "$merged" "$WORK/found/$name" "corpus/$name" \
    >"$WORK/log/$name.merge" 2>&1
  rm -rf "corpus/$name"
  cp -r "$merged" "corpus/$name"
}

# One object from all turns.
summary() {
  jq -s --argjson sizes "$(sizes)" '
    group_by(.target) | map(
      map(select(.sanitizer == "address")) as $turns | map(select(.sanitizer == "none")) as $plain
        | map(select(.sanitizer == "no libFuzzer")) as $alone | {
        target: .[0].target,
        seconds: ([$turns[].seconds] | add),
        executions: ([$turns[].executions] | add),
        executions_per_second: (([$turns[].speed] | add) / ($turns | length) | round),
        without_sanitizer: ($plain | last | if . then .speed else null end),
        without_libfuzzer: ($alone | last | if . then .speed else null end),
        coverage: [$turns[0].coverage[0], ($turns | last).coverage[1]],
        features: [$turns[0].features[0], ($turns | last).features[1]],
        peak_memory_mb: ([$turns[].memory] | max),
        crashes: ([.[].crashes // 0] | add)
      } + $sizes[.[0].target]
    )' "$WORK/record.jsonl"
}

# Inputs and bytes of every corpus.
sizes() {
  local name
  for name in $(targets); do
    jq -n --arg name "$name" --argjson inputs "$(find "corpus/$name" -type f | wc -l)" \
      --argjson bytes "$(find "corpus/$name" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }')" \
      '{($name): {inputs: $inputs, bytes: $bytes}}'
  done | jq -s add
}

table() {
  echo '| target | seconds | executions | per second | without sanitizer | without libFuzzer | edges | features | inputs | KiB | crashes |'
  echo '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|'
  jq -r '.[] | "| `\(.target)` | \(.seconds) | \(.executions) | \(.executions_per_second) | \(.without_sanitizer // "–") | " +
    "\(.without_libfuzzer // "–") | \(.coverage[0]) → \(.coverage[1]) | \(.features[0]) → \(.features[1]) | \(.inputs) | \(.bytes / 1024 | ceil) | \(.crashes) |"' \
    fuzz/campaign.json
}

# Puts the table between the markers of the README.
publish() {
  table >"$WORK/table.md"
  sed -i -e '/<!-- campaign -->/,/<!-- end of campaign -->/{//!d' -e '}' \
    -e "/<!-- campaign -->/r $WORK/table.md" fuzz/README.md
}

[ -n "$resume" ] || rm -rf "$WORK"
mkdir -p "$WORK"
build address
if [ "$plain" -gt 0 ]; then
  build none
  cargo build --quiet --release --package asl-fuzz --bins
fi

rounds=$((seconds * jobs / (slice * ${#names[@]})))
if [ "$rounds" -eq 0 ] && [ "$seconds" -gt 0 ]; then
  # Less than one turn each: the turns become shorter.
  rounds=1 slice=$((seconds * jobs / ${#names[@]}))
  [ "$slice" -gt 0 ] || slice=1
fi
for round in $(seq "$rounds"); do
  echo "round $round of $rounds, $slice seconds each"
  for name in "${names[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
    turn "$name" address "$slice" &
  done
  wait
done
for name in "${names[@]}"; do
  # One at a time, so that the figures are those of one core.
  [ "$plain" -eq 0 ] || turn "$name" none "$plain"
  minimise "$name"
  [ "$plain" -eq 0 ] || alone "$name" "$plain"
done
summary >fuzz/campaign.json
publish
table
