#!/usr/bin/env bash
# Instructions per judged world: callgrind counts a run of N worlds and one of 2N; the difference is N worlds without
# start-up and warm-up. Does not depend on how busy the machine is. Usage: benches/instructions.sh [N]
set -eu
cd "$(dirname "$0")/.."

worlds=${1:-2000}
if ! command -v valgrind >/dev/null; then
    echo "valgrind is missing; installing it" >&2
    apt-get update -q >&2 && apt-get install -qy valgrind >&2
fi
cargo build --release --quiet -p sagaproof-benches --bin judged_world
target=${CARGO_TARGET_DIR:-target}

count() {
    local out
    out=$(mktemp)
    valgrind --tool=callgrind --callgrind-out-file="$out" "$target/release/judged_world" "$1" 2>&1 >/dev/null |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
    rm -f "$out"
}

once=$(count "$worlds")
twice=$(count $((2 * worlds)))
echo "$worlds worlds: $once instructions; $((2 * worlds)) worlds: $twice"
echo "instructions per judged world: $(((twice - once) / worlds))"
