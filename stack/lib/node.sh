# Node.js, only for apps whose assets need it: the stack has none. The mirror has the layout of nodejs.org/dist.

use_node() {
  local mirror=${PHIAL_NODE_MIRROR:-https://nodejs.org/dist} version target
  if command -v npm >/dev/null; then return 0; fi
  mirror=${mirror%/}
  version=${node_version:-}
  if [[ -z $version && -f $BUILD/work/.tool-versions ]]; then version=$(awk '$1 == "nodejs" { print $2; exit }' "$BUILD/work/.tool-versions"); fi
  version=${version#v}
  if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then version=$(newest_node "$mirror" "$version"); fi
  target=$BUILD/cache/$PHIAL_STACK/node-$version
  if [[ ! -d $target ]]; then install_node "$mirror" "$version" "$target"; fi
  PATH=$target/bin:$PATH
}

# newest_node MIRROR PREFIX: the newest with long support, or the newest of this prefix.
newest_node() {
  local list
  list=$(curl -fsSL --retry 2 --connect-timeout 10 "$1/index.tab") ||
    fail "The assets need Node.js, and $1 cannot be reached from the build. Ask the operator, or commit the built assets and remove package.json."
  awk -F '\t' -v prefix="v$2" 'NR > 1 && (prefix == "v" ? $10 != "-" : index($1 ".", prefix ".") == 1) { print substr($1, 2); exit }' <<<"$list"
}

install_node() {
  local mirror=$1 version=$2 target=$3 file
  file=node-v$version-linux-$(case $(dpkg --print-architecture) in arm64) echo arm64 ;; *) echo x64 ;; esac).tar.xz
  heading "Installing Node.js $version"
  curl -fsSL --retry 2 --connect-timeout 10 -o "$BUILD/$file" "$mirror/v$version/$file" ||
    fail "Node.js $version could not be fetched from $mirror. Name another by node_version in phoenix_static_buildpack.config."
  curl -fsSL --retry 2 "$mirror/v$version/SHASUMS256.txt" | grep -F "  $file" | (cd "$BUILD" && sha256sum -c --status) ||
    fail "Node.js $version has another checksum than its list says. Push again; if it stays so, ask the operator."
  rm -rf "$BUILD/cache/$PHIAL_STACK"/node-* && mkdir -p "$target.new"
  tar -xJf "$BUILD/$file" --strip-components=1 -C "$target.new" && mv "$target.new" "$target"
  rm -f "$BUILD/$file"
}
