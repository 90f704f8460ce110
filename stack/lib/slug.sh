# The slug: a tarball whose bytes follow from the source alone, and what is known about it.

# A buildpack's `export` may say otherwise: a release is only its folder, not the whole tree.
SLUG_ROOT=$BUILD/work

make_slug() {
  local slug=$BUILD/out/slug.tar.zst size
  heading "Packing the slug"
  packed . >"$slug" || fail "The slug could not be written: the build's disk may be full."
  size=$(stat -c %s "$slug")
  ((size <= ${PHIAL_SLUG_LIMIT_BYTES:-500000000})) ||
    fail "The slug has $((size / 1000000)) MB, and $((${PHIAL_SLUG_LIMIT_BYTES:-500000000} / 1000000)) MB is the limit. Remove large files from the repository or from priv/."
  write_meta
  line "$((size / 1000)) kB, $(describe)"
  say_what_is_not_run
}

complete_slug() {
  rm -rf "$SLUG_ROOT/.git"
  keep_process_files
  resolve_links
}

# packed FILES…: a tarball of them whose bytes follow from theirs.
packed() {
  tar --create --directory "$SLUG_ROOT" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
    --mode=u+rw,a+rX,go-w "$@" | zstd -q -3 -T2
}

# As at Gigalixir, an app runs its web process.
say_what_is_not_run() {
  local type others=''
  for type in $(printf '%s\n' "${!PROCESS_TYPES[@]}" | LC_ALL=C sort); do
    if [[ $type != web && $type != release ]]; then others+=" $type"; fi
  done
  if [[ -n $others ]]; then line "An app runs its web process; these are not run:$others"; fi
}

# The entrypoint looks for these at the top of the slug.
keep_process_files() {
  [[ $SLUG_ROOT != "$BUILD/work" ]] || return 0
  if [[ -d $BUILD/work/.profile.d ]]; then
    mkdir -p "$SLUG_ROOT/.profile.d"
    cp -a "$BUILD/work/.profile.d/." "$SLUG_ROOT/.profile.d/"
  fi
  if [[ -f $BUILD/work/Procfile && ! -f $SLUG_ROOT/Procfile ]]; then cp "$BUILD/work/Procfile" "$SLUG_ROOT/Procfile"; fi
}

# A link to a place that only the build has would lead nowhere.
resolve_links() {
  local link
  while IFS= read -r -d '' link; do
    [[ -e $link ]] || { rm -f "$link" && continue; }
    cp -rL "$link" "$link.resolved" && rm -f "$link" && mv "$link.resolved" "$link"
  done < <(find "$SLUG_ROOT" -type l -lname "$BUILD/*" -print0)
}

# SlugMeta of db/schema/releases.ts.
write_meta() {
  local types='' packs='' type name
  for type in $(printf '%s\n' "${!PROCESS_TYPES[@]}" | LC_ALL=C sort); do
    types+="${types:+,}$(json "$type"):$(json "${PROCESS_TYPES[$type]}")"
  done
  for name in "${BUILDPACKS[@]}"; do packs+="${packs:+,}$(json "$name")"; done
  printf '{"mode":%s,"releaseName":%s,"version":%s,"erlang":%s,"elixir":%s,"erts":%s,"processTypes":{%s},"buildpacks":[%s]%s}\n' \
    "$(json "${PHIAL_MODE:-other}")" "$(json "${PHIAL_RELEASE_NAME:-$PHIAL_APP_NAME}")" "$(json "${PHIAL_VERSION:-0.0.0}")" \
    "$(json "${PHIAL_ERLANG:-}")" "$(json "${PHIAL_ELIXIR:-}")" "$(json "${PHIAL_ERTS:-}")" "$types" "$packs" "${HOT_UPGRADE:+,\"hotUpgrade\":$HOT_UPGRADE}" >"$BUILD/out/meta.json"
}

json() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\t'/\\t}
  printf '"%s"' "$(tr -d '\000-\037' <<<"$text")"
}

describe() {
  printf 'process types:'
  printf ' %s' "$(printf '%s\n' "${!PROCESS_TYPES[@]}" | LC_ALL=C sort | paste -sd ' ')"
}
