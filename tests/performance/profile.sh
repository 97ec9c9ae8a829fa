#!/usr/bin/env bash
# Shows where five commands spend their time, as text: system calls by strace, samples by perf where it may be used.
#   tests/performance/profile.sh OUT PLUGINS PROGRAM...
# OUT is the file to write, PLUGINS a checkout of openai/plugins, PROGRAM the command line to look at: artifacts/native/pluginmarket, or dotnet and a pluginmarket.dll.
set -euo pipefail
out=$(realpath -m "$1") plugins=$(realpath "$2")
shift 2
scratch=$(mktemp -d /var/tmp/pluginmarket-profile.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch/home CODEX_HOME=$scratch/home/.codex DOTNET_PerfMapEnabled=1
name=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["name"])' "$plugins/.agents/plugins/marketplace.json")

python3 - "$scratch" <<'MAKE'
import json, os, sys
root = sys.argv[1]
def market(name, plugins):
    os.makedirs(f"{root}/{name}/.agents/plugins", exist_ok=True)
    entries = []
    for plugin, files in plugins:
        os.makedirs(f"{root}/{name}/plugins/{plugin}/.codex-plugin", exist_ok=True)
        with open(f"{root}/{name}/plugins/{plugin}/.codex-plugin/plugin.json", "w") as manifest:
            json.dump({"name": plugin, "version": "1.0.0", "description": plugin, "interface": {"displayName": plugin, "category": "Productivity"}}, manifest)
        for i in range(files):
            os.makedirs(f"{root}/{name}/plugins/{plugin}/data/{i // 100}", exist_ok=True)
            with open(f"{root}/{name}/plugins/{plugin}/data/{i // 100}/{i}.txt", "w") as file:
                file.write(f"file {i}\n" * 300)
        entries.append({"name": plugin, "source": {"source": "local", "path": f"./plugins/{plugin}"}, "category": "Productivity"})
    with open(f"{root}/{name}/.agents/plugins/marketplace.json", "w") as catalog:
        json.dump({"name": name, "plugins": entries}, catalog)
market("big", [(f"plugin-{i:05}", 0) for i in range(10000)])
market("one", [("large", 5000)])
MAKE

home() {
    rm -rf "$HOME"
    mkdir -p "$CODEX_HOME"
    for market in "$@"; do
        printf '[marketplaces.%s]\nsource_type = "local"\nsource = "%s"\n' "${market%%=*}" "${market#*=}" >> "$CODEX_HOME/config.toml"
    done
}

show() { # TITLE SETUP ARGUMENTS...
    local title=$1 setup=$2
    shift 2
    echo "== $title"
    $setup
    strace -f -c -S calls -o "$scratch/calls" "${program[@]}" "$@" > "$scratch/output" 2>&1 || true
    awk 'NR > 2 { print $4, $NF }' "$scratch/calls" | sort -rn | sed -n 1,13p | awk '{ printf "%9d %s\n", $1, $2 }'
    $setup
    if perf record -q -F 997 -o "$scratch/samples" "${program[@]}" "$@" > "$scratch/output" 2>&1; then
        echo "-- samples by library"
        { perf report -i "$scratch/samples" --stdio --sort dso 2> /dev/null || true; } | grep -v '^#' | grep . | sed -n 1,8p
        echo "-- samples by function"
        { perf report -i "$scratch/samples" --stdio --sort symbol 2> /dev/null || true; } | grep -v '^#' | grep . | cut -c1-130 | sed 's/ *-  *- *$//' | sed -n 1,25p
    fi
    echo
}

program=("$@")
list() { home "big=$scratch/big"; }
install() { home "one=$scratch/one"; }
installed() { install; "${program[@]}" add large@one > /dev/null; }
empty() { home "$name=$plugins"; }
mkdir -p "$(dirname "$out")"
{
    show "list --available --json, 10,000 local plugins" list list --available --json
    show "add, one plugin of 5,000 files" install add large@one --json
    show "add again, unchanged" installed add large@one --json
    show "verify, one plugin of 5,000 files" installed verify --json
    show "validate, openai/plugins" empty validate "$plugins" --json
} > "$out"
