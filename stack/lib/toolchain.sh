# Erlang and Elixir: the stack's own, or other versions from the mirror, which has the layout of builds.hex.pm.

ERLANG_OF_STACK=$(cat /usr/lib/erlang/releases/*/OTP_VERSION)
ELIXIR_OF_STACK=$(vsn_of /usr/lib/elixir/lib/elixir/ebin/elixir.app)
MIRROR=${PHIAL_TOOLCHAIN_MIRROR:-https://builds.hex.pm}
MIRROR=${MIRROR%/}

# The distribution whose builds run on the stack: its libraries are a little older.
distribution() {
  case $PHIAL_STACK in
    debian-12) echo ubuntu-22.04 ;;
    *) echo ubuntu-24.04 ;;
  esac
}

# satisfies WANTED HAVE: "27" and "27.3" are satisfied by 27.3.4.
satisfies() {
  [[ -z $1 || $2 == "$1" || $2 == "$1".* ]]
}

# From .tool-versions, else elixir_buildpack.config, else the stack's. Sets ERLANG and ELIXIR, each empty for the stack's.
wanted_versions() {
  ERLANG=${erlang_version:-} ELIXIR=${elixir_version:-}
  if [[ -f .tool-versions ]]; then
    ERLANG=$(tool_version erlang) ELIXIR=$(tool_version elixir)
  fi
  [[ $ELIXIR != branch* && $ELIXIR != ref:* && $ERLANG != ref:* ]] || fail "Only released versions of Erlang and Elixir can be used: name one by its number."
  ERLANG=${ERLANG#OTP-} ELIXIR=${ELIXIR#v} ELIXIR=${ELIXIR%-otp-*}
  if satisfies "$ERLANG" "$ERLANG_OF_STACK"; then ERLANG=; fi
  # Elixir of the stack is compiled for the stack's Erlang.
  if [[ -z $ERLANG ]] && satisfies "$ELIXIR" "$ELIXIR_OF_STACK"; then ELIXIR=; fi
  if [[ -n $ERLANG && -z $ELIXIR ]]; then ELIXIR=$ELIXIR_OF_STACK; fi
}

tool_version() {
  awk -v tool="$1" '$1 == tool { print $2; exit }' .tool-versions
}

# Puts the wanted versions into the PATH. Sets PHIAL_ERLANG and PHIAL_ELIXIR to what is used.
use_toolchain() {
  local major
  PHIAL_ERLANG=${ERLANG:-$ERLANG_OF_STACK} PHIAL_ELIXIR=${ELIXIR:-$ELIXIR_OF_STACK}
  if [[ -n $ERLANG ]]; then
    install_erlang "$ERLANG"
    PATH=$TOOLCHAINS/erlang-$ERLANG/bin:$PATH
  fi
  if [[ -n $ELIXIR ]]; then
    major=${PHIAL_ERLANG%%.*}
    install_elixir "$ELIXIR" "$major"
    PATH=$TOOLCHAINS/elixir-$ELIXIR-otp-$major/bin:$PATH
  fi
  export PATH PHIAL_ERLANG PHIAL_ELIXIR
}

install_erlang() {
  local version=$1 target=$TOOLCHAINS/erlang-$1 base
  base=$MIRROR/builds/otp/$(dpkg --print-architecture)/$(distribution)
  [[ -d $target ]] && return 0
  heading "Installing Erlang $version"
  fetch_build "Erlang" "$base" "OTP-$version" "OTP-$version.tar.gz"
  unpack_into "$target" tar -xzf "$FETCHED" --strip-components=1 -C "$target.new"
  # The builds are made for any place and told theirs here.
  if [[ -x $target/Install ]]; then (cd "$target" && ./Install -minimal "$target" >/dev/null) || fail "Erlang $version could not be installed."; fi
}

install_elixir() {
  local version=$1 major=$2 target=$TOOLCHAINS/elixir-$1-otp-$2
  [[ -d $target ]] && return 0
  heading "Installing Elixir $version for Erlang $major"
  fetch_build "Elixir" "$MIRROR/builds/elixir" "v$version-otp-$major" "v$version-otp-$major.zip"
  unpack_into "$target" unzip -q "$FETCHED" -d "$target.new"
  chmod +x "$target"/bin/*
}

# unpack_into TARGET COMMAND…: the command fills TARGET.new; a half-unpacked toolchain never counts.
unpack_into() {
  local target=$1
  shift
  rm -rf "$target.new" && mkdir -p "$target.new"
  "$@" || fail "The download $(basename "$FETCHED") could not be unpacked."
  mv "$target.new" "$target"
  rm -f "$FETCHED"
}

# fetch_build WHAT BASE REF FILE: by the mirror's list, checked against it. Sets FETCHED.
fetch_build() {
  local what=$1 base=$2 ref=$3 file=$4 list sum
  list=$(curl -fsSL --retry 2 --connect-timeout 10 "$base/builds.txt") ||
    fail "$what ${ref#*-} is not on this stack, and the mirror $MIRROR cannot be reached. Use Erlang $ERLANG_OF_STACK and Elixir $ELIXIR_OF_STACK, or ask the operator."
  if ! grep -q "^$ref " <<<"$list"; then
    line "$what on the mirror:"
    awk '$1 ~ /^(OTP-|v)[0-9]/ { print $1 }' <<<"$list" | sort -Vr | head -60 | paste -sd ' ' | fold -s -w 90 | sed 's/^/         /'
    fail "There is no $what build $ref. Name an exact version of the list above in .tool-versions or elixir_buildpack.config."
  fi
  FETCHED=$BUILD/$file
  curl -fsSL --retry 2 --connect-timeout 10 -o "$FETCHED" "$base/$file" || fail "$base/$file could not be fetched. Push again later."
  sum=$(awk -v ref="$ref" '$1 == ref { print $4 }' <<<"$list")
  [[ -z $sum || $(sha256sum "$FETCHED" | cut -d ' ' -f 1) == "$sum" ]] ||
    fail "What the mirror sent for $ref has another checksum than its list says. Push again; if it stays so, ask the operator."
}

# Those of former builds are not needed again soon.
forget_other_toolchains() {
  find "$TOOLCHAINS" -mindepth 1 -maxdepth 1 ! -name "erlang-$PHIAL_ERLANG" ! -name "elixir-$PHIAL_ELIXIR-otp-*" -exec rm -rf {} +
}

erts_version() {
  local root=/usr/lib/erlang
  if [[ -n $ERLANG ]]; then root=$TOOLCHAINS/erlang-$ERLANG; fi
  cut -d ' ' -f 1 "$root/releases/start_erl.data"
}
