# What mix release and Distillery leave under _build/<env>/rel.

# Sets SLUG_ROOT, PHIAL_RELEASE_NAME, PHIAL_VERSION, PHIAL_ERTS.
find_release() {
  local -a found=("$BUILD/work/_build/$MIX_ENV/rel"/*/)
  [[ ${#found[@]} == 1 && -d ${found[0]} ]] ||
    fail "There are ${#found[@]} releases under _build/$MIX_ENV/rel where one is needed. Name it by the config GIGALIXIR_RELEASE_OPTIONS, such as \"--overwrite my_app\"."
  SLUG_ROOT=${found[0]%/}
  PHIAL_RELEASE_NAME=${SLUG_ROOT##*/}
  # The file has no newline at its end, which read answers with 1.
  read -r PHIAL_ERTS PHIAL_VERSION <"$SLUG_ROOT/releases/start_erl.data" || true
}

# mix makes a random cookie for each release, unused here since the platform gives one: a kept one makes equal slugs of equal sources.
keep_cookie() {
  local kept=$BUILD/cache/cookie
  grep -qsE '\bcookie:' mix.exs && return 0
  [[ -f $kept ]] || head -c 24 /dev/urandom | base64 | tr '+/' 'XY' >"$kept"
  [[ ! -f $SLUG_ROOT/releases/COOKIE ]] || printf %s "$(<"$kept")" >"$SLUG_ROOT/releases/COOKIE"
}
