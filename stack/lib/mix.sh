# What our buildpacks for Elixir share. They run as processes of their own: compile BUILD_DIR CACHE_DIR ENV_DIR.
set -euo pipefail
# shellcheck source=/dev/null
. "$PHIAL/lib/say.sh"
# shellcheck source=/dev/null
. "$PHIAL/lib/cache.sh"

# vsn_of FILE.app
vsn_of() {
  sed -n 's/.*{vsn, *"\([^"]*\)".*/\1/p' "$1" | head -1
}

# The app's config, but not what would hurt the build (gigalixir.md C.3).
export_config() {
  local file name
  for file in "$1"/*; do
    name=${file##*/}
    case $name in
      '*' | PATH | GIT_DIR | CPATH | CPPATH | LD_PRELOAD | LIBRARY_PATH | HOME | PHIAL* | BASH_ENV | IFS) ;;
      *) export "$name=$(<"$file")" ;;
    esac
  done
  export MIX_ENV=${MIX_ENV:-prod}
  export MIX_HOME=$BUILD/cache/$PHIAL_STACK/mix HEX_HOME=$BUILD/cache/$PHIAL_STACK/hex
  # mix colours only what goes to a terminal; ours is at the other end.
  export ELIXIR_ERL_OPTIONS="${ELIXIR_ERL_OPTIONS:-} -elixir ansi_enabled true"
}

# export_file NAME…: makes the `export` file, by which the next buildpacks and the slug know these variables.
export_file() {
  local name target
  target=$(dirname "$(dirname "$(readlink -f "$0")")")/export
  for name in "$@"; do printf 'export %s=%q\n' "$name" "${!name:-}"; done >>"$target"
}

# load_config FILE: a buildpack's settings, which are bash.
load_config() {
  if [[ -f $1 ]]; then
    set +u
    # shellcheck source=/dev/null
    . "./$1"
    set -u
  fi
}

# run_hook NAME
run_hook() {
  local command=${!1:-}
  [[ -n $command ]] || return 0
  heading "Running $1: $command"
  bash -c "$command" || fail "The command of $1 in elixir_buildpack.config failed: see what it says above."
}

app_name_of_mix() {
  sed -n 's/^[[:space:]]*app: *:\([a-z0-9_]*\).*/\1/p' mix.exs | head -1
}

# The version of mix.exs, as compiled; of an umbrella, as written.
app_version() {
  local app file
  app=$(app_name_of_mix)
  file=_build/$MIX_ENV/lib/$app/ebin/$app.app
  if [[ -n $app && -f $file ]]; then vsn_of "$file"; else sed -n 's/.*version: *"\([^"]*\)".*/\1/p' mix.exs | head -1; fi
}
