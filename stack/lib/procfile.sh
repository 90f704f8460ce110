# Which processes the slug has: those of the Procfile, and where it does not say, those of the last buildpack.

declare -A PROCESS_TYPES=()

read_process_types() {
  local defaults=$BUILD/defaults procfile
  : >"$defaults"
  if [[ -x $LAST_BUILDPACK/bin/release ]]; then
    "$LAST_BUILDPACK/bin/release" "$BUILD/work" >"$defaults" || fail "The buildpack ${BUILDPACKS[-1]} failed in bin/release: see what it says above."
  fi
  read_pairs < <(awk '/^[^[:space:]]/ { on = /^default_process_types:/; next } on { sub(/^[[:space:]]+/, ""); print }' "$defaults") unquoted
  for procfile in "$BUILD/work/Procfile" "$BUILD/work/rel/overlays/Procfile" "$SLUG_ROOT/Procfile"; do
    if [[ -f $procfile ]]; then read_pairs <"$procfile"; fi
  done
  [[ -n ${PROCESS_TYPES[web]:-} ]] ||
    fail "Nothing says how to start the app: add a Procfile with a line such as \"web: elixir -S mix run --no-halt\"."
}

# read_pairs [unquoted]: lines of the form `type: command`.
read_pairs() {
  local text type command
  while IFS= read -r text || [[ -n $text ]]; do
    [[ $text =~ ^([A-Za-z0-9_-]+):[[:space:]]*(.*[^[:space:]])[[:space:]]*$ ]] || continue
    type=${BASH_REMATCH[1]} command=${BASH_REMATCH[2]}
    if [[ ${1:-} == unquoted && $command =~ ^(\'(.*)\'|\"(.*)\")$ ]]; then command=${BASH_REMATCH[2]}${BASH_REMATCH[3]}; fi
    PROCESS_TYPES[$type]=$command
  done
}
