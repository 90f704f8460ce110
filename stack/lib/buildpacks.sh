# Buildpacks: which ones, and running them by Heroku's API: bin/detect BUILD_DIR, bin/compile BUILD_DIR CACHE_DIR ENV_DIR,
# bin/release BUILD_DIR, with an `export` file for those that follow. Ours and foreign ones run alike.

BUILDPACKS=()

choose_buildpacks() {
  if [[ -f $BUILD/work/.buildpacks ]]; then
    named_buildpacks
  else
    detected_buildpacks
  fi
  heading "Buildpacks: ${BUILDPACKS[*]}"
}

# gigalixir.md C.3; config/runtime.exs means releases too.
detected_buildpacks() {
  cd "$BUILD/work"
  [[ -f mix.exs ]] || fail "There is no mix.exs at the top of the repository. Push the folder that has it (git subtree push --prefix <folder> …), or name buildpacks in a .buildpacks file."
  BUILDPACKS=(elixir)
  if [[ -d assets ]]; then BUILDPACKS+=(phoenix-static); fi
  if [[ -f rel/config.exs ]]; then
    BUILDPACKS+=(distillery)
  elif [[ -f config/releases.exs || -f config/runtime.exs ]]; then
    BUILDPACKS+=(releases)
  else
    BUILDPACKS+=(mix)
  fi
}

# .buildpacks: a git URL a line, with an optional #ref.
named_buildpacks() {
  local url name
  while IFS= read -r url || [[ -n $url ]]; do
    url=${url%%$'\r'}
    url=${url#"${url%%[![:space:]]*}"}
    url=${url%"${url##*[![:space:]]}"}
    [[ -n $url && $url != '# '* ]] || continue
    name=$(ours "$url")
    # The clean-cache buildpack has nothing to do: the cache is cleared before.
    [[ $name == clean-cache ]] || BUILDPACKS+=("${name:-$url}")
  done <"$BUILD/work/.buildpacks"
  ((${#BUILDPACKS[@]})) || fail "The .buildpacks file names no buildpack. Name one git URL a line, or remove the file."
}

# ours URL: the name of the one of ours that does what the public one does; empty for another.
ours() {
  local url=${1%%#*}
  url=${url%/}
  url=${url%.git}
  case $url in
    elixir | phoenix-static | releases | distillery | mix | clean-cache) echo "$url" ;;
    */gigalixir/gigalixir-buildpack-*) echo "${url##*/gigalixir-buildpack-}" ;;
    */HashNuke/heroku-buildpack-elixir) echo elixir ;;
    */gjaldon/heroku-buildpack-phoenix-static | */HashNuke/heroku-buildpack-phoenix-static) echo phoenix-static ;;
  esac
}

run_buildpacks() {
  local index name folder
  export_platform
  for index in "${!BUILDPACKS[@]}"; do
    name=${BUILDPACKS[$index]}
    folder=$BUILD/buildpacks/$index
    fetch_buildpack "$name" "$folder"
    # What comes next decides whether elixir compiles by itself or leaves it to `mix release`.
    PHIAL_NEXT_BUILDPACK=${BUILDPACKS[$((index + 1))]:-} run_buildpack "$name" "$folder"
    if [[ -f $folder/export ]]; then
      set +eu
      # shellcheck source=/dev/null
      . "$folder/export"
      set -eu
    fi
    LAST_BUILDPACK=$folder
  done
}

# What every buildpack sees.
export_platform() {
  export HOME=$BUILD/home STACK=$PHIAL_STACK SOURCE_VERSION=$PHIAL_COMMIT SOURCE_DATE_EPOCH LANG=C.UTF-8 GIT_TERMINAL_PROMPT=0
  export APP_NAME=$PHIAL_APP_NAME GIGALIXIR_APP_NAME=$PHIAL_APP_NAME
  export GIGALIXIR_SHOULD_CLEAN_CACHE=${PHIAL_CLEAN_CACHE:-false} GIGALIXIR_SHOULD_HOT_UPGRADE=${PHIAL_HOT_UPGRADE:-false}
  # For ours.
  export PHIAL BUILD STATE TOOLCHAINS PHIAL_STACK
}

# fetch_buildpack NAME-OR-URL FOLDER
fetch_buildpack() {
  local url=${1%%#*} ref=HEAD
  if [[ -d $PHIAL/buildpacks/$1 ]]; then
    cp -r "$PHIAL/buildpacks/$1" "$2"
    return 0
  fi
  [[ $1 == *'#'* ]] && ref=${1#*#}
  case $url in
    http://* | https://* | git://*) ;;
    *) fail "The buildpack $url is no git URL. Give an https:// URL in .buildpacks." ;;
  esac
  heading "Fetching the buildpack $1"
  mkdir -p "$2"
  "${GIT_SAFELY[@]}" -C "$2" init -q
  "${GIT_SAFELY[@]}" -C "$2" fetch -q --depth 1 "$url" "$ref" 2>/dev/null ||
    { "${GIT_SAFELY[@]}" -C "$2" fetch -q "$url" '+refs/*:refs/fetched/*' && "${GIT_SAFELY[@]}" -C "$2" fetch -q . "$ref"; } ||
    fail "The buildpack $url could not be fetched${1#"$url"}. Check its URL in .buildpacks."
  "${GIT_SAFELY[@]}" -C "$2" checkout -q --force FETCH_HEAD
  [[ -x $2/bin/compile ]] || fail "The repository $url is no buildpack: it has no bin/compile. Correct .buildpacks."
}

run_buildpack() {
  local name=$1 folder=$2 found
  cd "$BUILD/work"
  found=$("$folder/bin/detect" "$BUILD/work") ||
    fail "The buildpack $name does not find what it builds in this repository. Remove it from .buildpacks, or push what it needs."
  # Ours speak for themselves.
  if [[ ! -d $PHIAL/buildpacks/$name ]]; then
    phase "$(tr -d '\a\e' <<<"${found:-$name}")"
    heading "$found"
  fi
  "$folder/bin/compile" "$BUILD/work" "$BUILDPACK_CACHE" "$BUILD/env" || {
    # Ours have said why.
    [[ -d $PHIAL/buildpacks/$name ]] && exit 1
    fail "The buildpack $name failed: see what it says above."
  }
}
