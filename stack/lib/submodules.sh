# Submodules: `git archive` leaves them out, so they are fetched here, where nothing but the network can be reached.

# A submodule must not make git run a command or read a local path.
GIT_SAFELY=(git -c protocol.allow=never -c protocol.https.allow=always -c protocol.http.allow=always -c protocol.git.allow=always
  -c protocol.ssh.allow=always -c init.defaultBranch=main -c advice.detachedHead=false)

fetch_submodules() {
  [[ -n ${PHIAL_SUBMODULES:-} ]] || return 0
  phase submodules
  heading "Fetching submodules"
  local path commit url
  while IFS=$'\t' read -r path commit url; do
    [[ -n $path ]] && fetch_submodule "$path" "$commit" "$url"
  done <<<"$PHIAL_SUBMODULES"
}

# fetch_submodule PATH COMMIT URL: into the work tree, with the submodules of the submodule.
fetch_submodule() {
  local path=$1 commit=$2 url=$3 folder=$BUILD/work/$1
  [[ /$path/ != */../* && $path != /* ]] || fail "The submodule path $path leaves the repository."
  case $url in
    http://* | https://* | git://* | ssh://*) ;;
    ./* | ../*) fail "The submodule $path has the relative URL $url. Give its full https:// URL in .gitmodules, commit and push again." ;;
    *@*:*) fail "The submodule $path is fetched by SSH ($url), for which a build has no key. Use an https:// URL in .gitmodules." ;;
    *) fail "The submodule $path has the URL $url. Only http, https, git and ssh URLs are fetched." ;;
  esac
  line "$path at ${commit:0:7}"
  mkdir -p "$folder"
  in_submodule() { GIT_TERMINAL_PROMPT=0 HOME=$BUILD/home "${GIT_SAFELY[@]}" -C "$folder" "$@" </dev/null; }
  in_submodule init -q
  in_submodule fetch -q --depth 1 "$url" "$commit" 2>/dev/null ||
    in_submodule fetch -q "$url" '+refs/*:refs/fetched/*' ||
    fail "The submodule $path could not be fetched from $url. Check that the URL can be read without a password."
  in_submodule checkout -q --force "$commit" 2>/dev/null ||
    fail "The submodule $path has no commit $commit at $url. Push that commit there, then push again."
  nested_submodules "$path" "$url"
  rm -rf "$folder/.git"
}

nested_submodules() {
  local parent=$1 parent_url=$2 entry commit path name url
  [[ -f $BUILD/work/$parent/.gitmodules ]] || return 0
  while IFS=$'\t' read -r -d '' entry path; do
    [[ $entry == 160000* ]] || continue
    commit=$(cut -d ' ' -f 2 <<<"$entry")
    name=$(git config -f "$BUILD/work/$parent/.gitmodules" --get-regexp '^submodule\..*\.path$' | awk -v p="$path" '$2 == p { sub(/\.path$/, "", $1); print $1 }')
    url=$(git config -f "$BUILD/work/$parent/.gitmodules" "$name.url" || true)
    fetch_submodule "$parent/$path" "$commit" "$(absolute_url "$parent_url" "$url")"
  done < <("${GIT_SAFELY[@]}" -C "$BUILD/work/$parent" ls-files -s -z)
}

# absolute_url BASE URL: git's rule for relative submodule URLs.
absolute_url() {
  local base=${1%/} url=$2
  while :; do
    case $url in
      ../*) url=${url#../} base=${base%/*} ;;
      ./*) url=${url#./} ;;
      *) break ;;
    esac
    [[ $url == ../* || $url == ./* ]] || { url=$base/$url && break; }
  done
  printf %s "$url"
}
