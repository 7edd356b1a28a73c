#!/usr/bin/env bash
# Checks docker-compose.yml with Docker Compose's own `config`, which needs no Docker daemon.
#
#   validate-compose.sh [folder]     the folder keeps the built program (default: ~/.cache/validate-compose)
#
# Uses the Docker Compose of the machine; where there is none, builds one from the Go module proxy (Go 1.24 or later,
# about 4 minutes on two cores, once).
set -euo pipefail

readonly VERSION=v2.40.3
readonly CACHE="${1:-${XDG_CACHE_HOME:-$HOME/.cache}/validate-compose}"
PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly PROJECT

build_compose() {
  local program="$CACHE/docker-compose-$VERSION" go source work
  COMPOSE=("$program")
  [ ! -x "$program" ] || return 0
  go=$(command -v go || command -v /usr/local/go/bin/go) || {
    echo "validate-compose.sh: needs either Docker Compose or Go" >&2
    exit 1
  }
  echo "building Docker Compose $VERSION, once" >&2
  mkdir -p "$CACHE"
  work=$(mktemp -d "$CACHE/build.XXXXXX")
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$work'" EXIT
  source=$(cd "$work" && "$go" mod download -json "github.com/docker/compose/v2@$VERSION" |
    sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p')
  cp -r "$source" "$work/source"
  chmod -R u+w "$work/source"
  (cd "$work/source" && "$go" build -o "$work/docker-compose" ./cmd)
  mv "$work/docker-compose" "$program"
}

if version=$(docker compose version --short 2>/dev/null); then
  COMPOSE=(docker compose)
else
  version=$VERSION
  build_compose
fi

# A misspelt key must be refused, else the check says nothing.
if sed '0,/healthcheck:/s//healthchek:/' "$PROJECT/docker-compose.yml" |
  "${COMPOSE[@]}" --project-directory "$PROJECT" -f - config -q 2>/dev/null; then
  echo "validate-compose.sh: the check does not notice a misspelt key" >&2
  exit 1
fi
"${COMPOSE[@]}" --project-directory "$PROJECT" -f "$PROJECT/docker-compose.yml" config -q
echo "docker-compose.yml is valid, says Docker Compose $version"
