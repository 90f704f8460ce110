# Calls to the platform, which may be away for a while: a replica then waits for it.

SOCKET=/phial/run/api.sock

# api PATH|URL FILE: 0 when it was answered, 1 when it was refused, 2 when it should be tried again.
api() {
  local status where=(--url "$1")
  [[ $1 != /* ]] || where=(--unix-socket "$SOCKET" --user "$APP_NAME:$APP_KEY" --url "http://platform$1")
  # What was cut off on its way has its status, too, but is not what was asked for.
  status=$(curl --silent --location --globoff --connect-timeout 5 --max-time 300 --output "$2" --write-out '%{http_code}' "${where[@]}") ||
    return 2
  case $status in
    200) return 0 ;;
    401 | 403 | 404 | 410 | 422) return 1 ;;
    *) return 2 ;;
  esac
}

# The same until it was answered or refused.
api_patiently() {
  local pause=0.2 said=
  while true; do
    api "$@"
    case $? in 0) return 0 ;; 1) return 1 ;; esac
    [[ -n $said ]] || echo "The platform is away: waiting for it."
    said=yes
    sleep "$pause"
    case $pause in 0.2) pause=0.5 ;; 0.5) pause=1 ;; 1) pause=2 ;; *) pause=5 ;; esac
  done
}
