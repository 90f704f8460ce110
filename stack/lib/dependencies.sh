# Dependencies. Hex and rebar are fetched only for apps that have dependencies of theirs: others build without a network.

fetch_dependencies() {
  local wishes
  wishes=$(find . \( -path ./deps -o -path ./_build -o -name node_modules \) -prune -o \( -name mix.exs -o -name mix.lock \) -print)
  # shellcheck disable=SC2086
  has_dependencies $wishes || { run_hook hook_pre_fetch_dependencies; return 0; }
  phase dependencies
  # shellcheck disable=SC2086
  if needs_hex $wishes; then install_hex; fi
  run_hook hook_pre_fetch_dependencies
  # shellcheck disable=SC2086
  if changed_since_last dependencies "$(cat $wishes | sha256sum)" || [[ ! -d deps ]]; then
    heading "Fetching dependencies"
    mix deps.get --only "$MIX_ENV" || fail "The dependencies could not be fetched: see the error above. Packages need hex.pm to be reachable."
    mix deps.clean --unused --only "$MIX_ENV" >/dev/null 2>&1 || true
  else
    heading "Dependencies: unchanged"
  fi
}

# Something to fetch: a package (`{:jason, "~> 1.4"}`, `hex:`) or a repository.
has_dependencies() {
  needs_hex "$@" || grep -qsE '\b(git|github):|^[[:space:]]*"[^"]+": *\{:git' "$@"
}

needs_hex() {
  grep -qsE '\{:[a-z0-9_]+, *"[^"]*[0-9][^"]*"|\bhex: *:|\{:hex,' "$@"
}

install_hex() {
  if ! compgen -G "$MIX_HOME/archives/hex-*" >/dev/null; then
    heading "Installing Hex"
    mix local.hex --force || fail "This app has dependencies from Hex, and Hex could not be fetched: hex.pm cannot be reached from the build. Ask the operator, or vendor the dependencies as path: dependencies."
  fi
  if ! compgen -G "$MIX_HOME/elixir/*/rebar3" >/dev/null && ! compgen -G "$MIX_HOME/rebar3" >/dev/null; then
    mix local.rebar --force || warn "rebar3 could not be fetched: dependencies written in Erlang will not compile."
  fi
}
