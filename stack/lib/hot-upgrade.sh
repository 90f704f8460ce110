# Whether running replicas can be upgraded to this slug in place, and what that takes. It never fails a build: where it is not
# possible the release is rolled, and the reason is said.

# JSON, HotUpgrade of db/schema/releases.ts; empty when nobody asked.
HOT_UPGRADE=

prepare_hot_upgrade() {
  local made=$BUILD/hot-upgrade reason
  [[ ${PHIAL_HOT_UPGRADE:-false} == true ]] || return 0
  phase hot-upgrade
  heading "Preparing a hot upgrade${PHIAL_HOT_FROM_RELEASE:+ from v$PHIAL_HOT_FROM_RELEASE}"
  mkdir -p "$made"
  reason=$(why_not_to_upgrade)
  if [[ -z $reason ]]; then reason=$("make_${PHIAL_MODE}_upgrade" "$made"); fi
  if [[ -n $reason ]]; then
    warn "Hot upgrade refused: $reason It will be rolled."
    HOT_UPGRADE="{\"isPossible\":false,\"reason\":$(json "$reason")}"
  else
    accept_upgrade "$made"
  fi
  rm -rf "$made" "$BUILD/base"
}

# Prints one sentence, or nothing.
why_not_to_upgrade() {
  if [[ -z ${PHIAL_HOT_FROM_SHA256:-} ]]; then
    echo "Nothing runs yet that could be upgraded."
  elif [[ ${PHIAL_MODE:-} != release && ${PHIAL_MODE:-} != distillery ]]; then
    echo "Only releases can be upgraded in place, and this app runs by mix: add config/runtime.exs to build a release."
  elif [[ $PHIAL_HOT_FROM_MODE != "$PHIAL_MODE" ]]; then
    echo "What runs was built in another way ($PHIAL_HOT_FROM_MODE)."
  elif [[ $PHIAL_HOT_FROM_STACK != "$PHIAL_STACK" ]]; then
    echo "The stack changes ($PHIAL_HOT_FROM_STACK → $PHIAL_STACK), which only a new start can do."
  elif [[ $PHIAL_HOT_FROM_COMMAND != "${PROCESS_TYPES[web]}" ]]; then
    echo "The command of the web process changed, which only a new start can run."
  fi
}

# can_upgrade_from MODE
can_upgrade_from() {
  [[ ${PHIAL_HOT_UPGRADE:-false} == true && -n ${PHIAL_HOT_FROM_SHA256:-} && $PHIAL_HOT_FROM_MODE == "$1" && $PHIAL_HOT_FROM_STACK == "$PHIAL_STACK" ]]
}

# unpack_base FOLDER
unpack_base() {
  mkdir -p "$1" && tar --extract --zstd --no-same-owner --file /base.tar.zst --directory "$1"
}

# Prints why not. Leaves `instructions` and, in the slug, what a replica needs besides it.
make_release_upgrade() {
  local made=$1
  if ! unpack_base "$BUILD/base"; then
    echo "The slug that runs could not be read."
    return 0
  fi
  if [[ ! -f $BUILD/base/releases/RELEASES ]]; then
    echo "What runs was built before this platform knew of hot upgrades; the next one can be."
    return 0
  fi
  rm -rf "$BUILD/base/.phial"
  ELIXIR_ERL_OPTIONS='' elixir "$PHIAL/lib/hot-upgrade/make.exs" "$BUILD/base" "$SLUG_ROOT" "$BUILD/work/rel/appups" "$made" >"$made/said" 2>&1 || {
    cat "$made/said" >&2
    echo "The upgrade could not be worked out: see the error above."
    return 0
  }
  if [[ -f $made/reason ]]; then cat "$made/reason"; else pack_upgrade "$made"; fi
}

# A replica fetches the slug as always, and takes only this out of it.
pack_upgrade() {
  local target=$SLUG_ROOT/.phial/hot-upgrade
  mkdir -p "$target"
  packed --null --files-from="$1/files" >"$1/package.tar.zst"
  mv "$1/package.tar.zst" "$target/package.tar.zst"
  printf '%s\n' "$PHIAL_HOT_FROM_SHA256" >"$target/from"
  printf '%s\n' "$PHIAL_VERSION" >"$target/version"
}

# What Distillery made lies in the release already.
make_distillery_upgrade() {
  local made=$1 target=$SLUG_ROOT/.phial/hot-upgrade
  if [[ ! -f $SLUG_ROOT/releases/$PHIAL_VERSION/relup ]]; then
    echo "Distillery made no upgrade from version $PHIAL_HOT_FROM_VERSION: raise the version in mix.exs."
    return 0
  fi
  mkdir -p "$target"
  cp "$SLUG_ROOT/releases/$PHIAL_VERSION/$PHIAL_RELEASE_NAME.tar.gz" "$target/package.tar.gz"
  printf '%s\n' "$PHIAL_HOT_FROM_SHA256" >"$target/from"
  printf '%s\n' "$PHIAL_VERSION" >"$target/version"
  echo "as Distillery's relup says" >"$made/instructions"
}

accept_upgrade() {
  local text instructions=
  line "Running replicas can be upgraded in place:"
  while IFS= read -r text; do
    line "  $text"
    instructions+="${instructions:+,}$(json "$text")"
  done <"$1/instructions"
  HOT_UPGRADE=$(printf '{"isPossible":true,"from":%s,"fromVersion":%s,"toVersion":%s,"instructions":[%s]}' \
    "$(json "$PHIAL_HOT_FROM_SHA256")" "$(json "$PHIAL_HOT_FROM_VERSION")" "$(json "$PHIAL_VERSION")" "$instructions")
}
