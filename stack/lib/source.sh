# The source: unpacked, and with times from which mix can tell what changed.

# Any moment before the first build will do.
LONG_AGO=@978307200

# The config as files, as buildpacks expect it, and out of our own environment: a config called PATH must not hurt the build.
take_config() {
  local variable
  for variable in "${!PHIAL_CONFIG_@}"; do
    printf %s "${!variable}" >"$BUILD/env/${variable#PHIAL_CONFIG_}"
    unset "$variable"
  done
}

unpack_source() {
  tar -xf /source.tar -C "$BUILD/work" --no-same-owner || fail "The source could not be unpacked. Push again."
  local first
  first=$(find "$BUILD/work" -type f -print -quit)
  [[ -n $first ]] || fail "The commit holds no files. Commit something and push again."
  # git archive gives all files the commit's time. The slug's files get it too: the same commit makes the same slug, and web
  # servers that derive an ETag from size and time see that another commit's files are others.
  SOURCE_DATE_EPOCH=$(stat -c %Y "$first")
  rm -rf "$BUILD/work/_build" "$BUILD/work/.git"
}

# mix takes a file for unchanged when it is older than the last compilation. A commit may well be older than the last build, so
# times are made from contents: what is the same as in the last good build is old, the rest is new.
age_unchanged_files() {
  local before=$STATE/sources now=$BUILD/sources changed=$BUILD/changed
  (cd "$BUILD/work" && list_sources) >"$now"
  (cd "$BUILD/work" && cut -z -c67- "$now" | xargs -0 -r touch -h -d "$LONG_AGO")
  : >"$changed"
  [[ -f $before ]] || return 0
  comm -z -13 "$before" "$now" | cut -z -c67- >"$changed"
  (cd "$BUILD/work" && xargs -0 -r touch -h <"$changed")
  comm -z -23 <(cut -z -c67- "$before" | LC_ALL=C sort -z) <(cut -z -c67- "$now" | LC_ALL=C sort -z) >>"$changed"
  # Until this build succeeds, what differs stays different: a failed build may have compiled some of it.
  comm -z -12 "$before" "$now" >"$before.common" && mv "$before.common" "$before"
}

# `<sha256>  <path>`, each ended by a NUL, sorted; without what we restored from the cache.
list_sources() {
  find . \( -path ./_build -o -path ./deps -o -name node_modules \) -prune -o -type f -print0 | xargs -0 -r sha256sum -z | LC_ALL=C sort -z
}
