# The environment of whatever runs in a replica or a one-off, whether started with it or by SSH: the platform's variables, the app's config
# over them, then what the buildpacks left in .profile.d. The names are Gigalixir's.

# Whose environment it is: a hot upgrade looks at the next release's too.
release_file=/run/phial/release.env0 profiles=/app/.profile.d

# Exports the pairs of the release's file from the first, or from behind the empty record, where the app's config begins. Names
# that no shell can hold are left out.
load_release() {
  local pair part=platform
  while IFS= read -r -d '' pair; do
    [[ -n $pair ]] || part=config
    [[ $1 == "$part" && ${pair%%=*} =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] && export "${pair?}" 2> /dev/null
  done < "$release_file"
}

# Variables that the platform alone needs begin so.
forget_platform() {
  local name
  for name in "${!PHIAL__@}"; do unset "$name"; done
  unset STATE PHIAL_RELEASE
}

# The release's, or the app's of mix.
customer_app_name() (
  load_release platform
  printf '%s' "${PHIAL__CUSTOMER_APP_NAME:-$APP_NAME}"
)

# HOST_INDEX is what the platform gives to replicas alone.
is_one_off() {
  [[ -z ${HOST_INDEX:-} ]]
}

set_defaults() {
  export HOME=/app LC_ALL=C.UTF-8
  export MY_NODE_NAME="$APP_NAME@$MY_POD_IP" MY_COOKIE="${ERLANG_COOKIE:-}"
  export RELEASE_NODE="$MY_NODE_NAME" RELEASE_DISTRIBUTION=name RELEASE_COOKIE="$MY_COOKIE"
  export LIBCLUSTER_KUBERNETES_SELECTOR="repo=$APP_NAME" LIBCLUSTER_KUBERNETES_NODE_BASENAME="$APP_NAME"
  export GIGALIXIR__APP_NAME="$APP_NAME" GIGALIXIR__APP_KEY="$APP_KEY" GIGALIXIR__REPLICA_IP="$MY_POD_IP"
  [[ ! -x /app/bin/$CUSTOMER_APP_NAME ]] || set_release_defaults
}

set_release_defaults() {
  export GIGALIXIR_APP_NAME="$CUSTOMER_APP_NAME" GIGALIXIR_COMMAND=start
  export GIGALIXIR_DEFAULT_VMARGS=true REPLACE_OS_VARS=true RELX_REPLACE_OS_VARS=true
}

# Distillery reads its node's name and cookie from this file.
write_vmargs() {
  [[ -x /app/bin/$CUSTOMER_APP_NAME && ${GIGALIXIR_DEFAULT_VMARGS:-} != false ]] || return 0
  printf -- '-name %s\n-setcookie %s\n-smp auto\n' "$MY_NODE_NAME" "$MY_COOKIE" > /run/phial/vm.args
  export VMARGS_PATH=/run/phial/vm.args
}

load_environment() {
  local profile
  load_release platform
  CUSTOMER_APP_NAME=$(customer_app_name)
  PROCESS_COMMAND=${PHIAL__PROCESS_COMMAND:-}
  set_defaults
  forget_platform
  # Nobody sends a request to a one-off.
  if is_one_off; then unset PHX_SERVER; fi
  load_release config
  cd /app || exit 1
  for profile in "$profiles"/*.sh; do
    if [[ -r $profile ]]; then source "$profile"; fi
  done
  # Last, so that a program of the app's goes before ours of the same name.
  export PATH="$PATH:/phial/run-container/bin"
  write_vmargs
}
