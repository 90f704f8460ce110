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

# keep_release_known: what Erlang's release handler must know of a release to upgrade it in place, so that any slug can be the base of
# a hot upgrade. A start does not read it.
keep_release_known() {
  local rel=$SLUG_ROOT/releases/$PHIAL_VERSION/$PHIAL_RELEASE_NAME.rel app version libs=
  [[ -f $rel ]] || return 0
  while read -r app version; do
    [[ $app == erts ]] || libs+="${libs:+,}{$app,$version,\"/app/lib/$app-${version//\"/}\"}"
  done < <(tr -d '\n' <"$rel" | grep -oE "\{'?[A-Za-z][A-Za-z0-9_@.]*'?, *\"[^\"]*\"" | sed -E 's/^\{([^,]*), */\1 /')
  printf '%%%% coding: utf-8\n[{release,"%s","%s","%s",[%s],permanent}].\n' "$PHIAL_RELEASE_NAME" "$PHIAL_VERSION" "$PHIAL_ERTS" "$libs" >"$SLUG_ROOT/releases/RELEASES"
}
