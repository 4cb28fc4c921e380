#!/usr/bin/env bash
# Write .env from .env.example, with a strong random secret for each setting that is empty there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -e .env ]]; then
    echo "setup_env.sh: .env exists and is left as it is; delete it first if you want new secrets." >&2
    exit 1
fi

random_secret() {
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

umask 077
while IFS= read -r line || [[ -n "$line" ]]; do
    if [[ "$line" =~ ^[A-Z0-9_]+=$ ]]; then
        line+="$(random_secret)"
    fi
    printf '%s\n' "$line"
done <.env.example >.env.new
mv .env.new .env
echo "setup_env.sh: wrote .env"
