# What a build says. The same lines are read in the pusher's terminal and on the build's page.

# A mark that terminals ignore: names the phase that begins.
phase() {
  printf '\e]phial;phase;%s\a\n' "$1"
}

heading() {
  printf '\e[1;35m----->\e[0m \e[1m%s\e[0m\n' "$*"
}

line() {
  printf '       %s\n' "$*"
}

warn() {
  printf '\e[33m !     %s\e[0m\n' "$*"
}

# To stderr, which is the same stream but is not taken by a $(…) around it.
say_error() {
  printf '\e[1;31m !     %s\e[0m\n' "$*" >&2
}

# Less than 16 MB are left: who writes much at once is refused before the last block is taken.
is_full() {
  (($(df --output=avail -k "$BUILD" | tail -n 1) < 16384))
}

# One sentence that says what went wrong and what to do. The last line of a failed build. What fails on a full disk fails for that
# alone, whatever a compiler makes of it: the end of the build says so.
fail() {
  if ! is_full; then
    say_error "$*"
    : >"$BUILD/said-why"
  fi
  exit 1
}
