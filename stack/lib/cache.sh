# What the next build of the app finds again, on the app's own volume. The big trees are moved, not copied: into the work tree
# before the buildpacks run, back when the build has ended. A build that is killed outright leaves none, and the next one is cold.

STATE=$BUILD/cache/$PHIAL_STACK/state
TREES=$BUILD/cache/$PHIAL_STACK/trees
BUILDPACK_CACHE=$BUILD/cache/$PHIAL_STACK/buildpacks
TOOLCHAINS=$BUILD/cache/$PHIAL_STACK/toolchains
CACHED_TREES=(_build deps assets/node_modules)

clean_cache_if_asked() {
  if [[ ${PHIAL_CLEAN_CACHE:-false} == true ]]; then
    heading "Clearing the build cache"
    find "$BUILD/cache" -mindepth 1 -maxdepth 1 ! -name cookie -exec rm -rf {} +
  fi
  mkdir -p "$STATE" "$TREES" "$BUILDPACK_CACHE" "$TOOLCHAINS"
}

restore_trees() {
  local tree
  if [[ ! -d $TREES/_build ]]; then
    # Without what it was compiled to, what was compiled says nothing.
    rm -rf "$STATE" && mkdir -p "$STATE"
    return 0
  fi
  for tree in "${CACHED_TREES[@]}"; do
    # The repository's own wins.
    [[ -d $TREES/$tree && ! -e $BUILD/work/$tree ]] || continue
    mkdir -p "$(dirname "$BUILD/work/$tree")"
    mv "$TREES/$tree" "$BUILD/work/$tree"
  done
}

# keep_trees CODE: after the build's end, however it ended.
keep_trees() {
  local tree
  for tree in "${CACHED_TREES[@]}"; do
    # What came with the source needs no cache.
    [[ -d $BUILD/work/$tree ]] || continue
    if grep -qz "  \./$tree/" "$BUILD/sources" 2>/dev/null; then continue; fi
    rm -rf "${TREES:?}/$tree"
    mkdir -p "$(dirname "$TREES/$tree")"
    mv "$BUILD/work/$tree" "$TREES/$tree"
  done
  if [[ $1 == 0 ]]; then
    cp "$BUILD/sources" "$STATE/sources"
    find "$BUILD" -maxdepth 1 -name 'state-*' -exec sh -c 'for f; do mv "$f" "$0/${f##*/state-}"; done' "$STATE" {} +
  fi
  rm -rf "$BUILD/sources" "$BUILD/changed" "$BUILD"/state-*
}

# changed_since_last NAME VALUE: whether the value differs from the last good build's. If so it is forgotten until this one succeeds.
changed_since_last() {
  [[ -f $STATE/$1 && $(<"$STATE/$1") == "$2" ]] && return 1
  rm -f "$STATE/$1"
  printf '%s\n' "$2" >"$BUILD/state-$1"
}
