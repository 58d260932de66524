# shellcheck shell=bash
# An API server of Kubernetes, for the tests that hand it manifests: the one that KUBECONFIG names, or else one of their own, for as
# long as they run. It has no nodes. Needs host.sh.

kubernetes_version=1.36.2
kubernetes_cached=${XDG_CACHE_HOME:-$HOME/.cache}/withstack/kubernetes-$kubernetes_version

# What Kubernetes publishes for such tests: API server, etcd and kubectl in one archive, and its SHA-512.
kubernetes_archives=https://github.com/kubernetes-sigs/controller-tools/releases/download/envtest-v$kubernetes_version
kubernetes_digests='
linux-amd64 ea743186c8a799f5cf8faf16969f86189d003cb7d130e0ac4b58789f1e5748dcf30ebe91c837a10d5ac415383da3e10b9e64d65785c938c23e739781cfb76f08
linux-arm64 2d72ee985a8e262a3c57dc9f7f0fd891f6a8c7bf7ebaa2db6dc6d8eac8ae28181afe51c1f368b67756cdb40b10de9b205609e1726e5f27f7c6d824dd9c6649ac
darwin-arm64 9278f9e5af556b2f1f2d139769c1f0d717c7b4426917fdebdba898bcb725a916e4910d6160886194ff9be9589ea7c5c32c2b8ae0754703874b7c8ba8ddfc41ce
'

# Print the directory that has the programs: the one named as other tests of this kind name it, or the cache.
kubernetes_programs() {
  local place
  for place in "${KUBEBUILDER_ASSETS:-}" "$kubernetes_cached"; do
    if [ -x "$place/kube-apiserver" ] && [ -x "$place/etcd" ] && [ -x "$place/kubectl" ]; then
      echo "$place"
      return
    fi
  done
}

ensure_kubernetes() {
  local platform digest work archive
  if [ -n "${KUBECONFIG:-}" ] || [ -n "$(kubernetes_programs)" ]; then return; fi
  platform=$(kubernetes_platform)
  digest=$(awk -v platform="$platform" '$1 == platform { print $2 }' <<<"$kubernetes_digests")
  work=$(mktemp -d)
  archive=$work/envtest.tar.gz
  say "Fetching an API server of Kubernetes $kubernetes_version …"
  if [ -z "$digest" ] || ! download "$kubernetes_archives/envtest-v$kubernetes_version-$platform.tar.gz" "$archive"; then
    say "There is no API server of Kubernetes for $platform to be had, so the tests that need one are left out."
  elif [ "$(sha512 "$archive")" != "$digest" ]; then
    say "The API server of Kubernetes that was fetched has another checksum than the one in scripts/kubernetes.sh: it is not used."
  else
    tar -xzf "$archive" -C "$work"
    mkdir -p "${kubernetes_cached%/*}"
    mv "$work/controller-tools/envtest" "$kubernetes_cached"
  fi
  rm -rf "$work"
}

kubernetes_platform() {
  local processor
  case $(uname -m) in
    x86_64) processor=amd64 ;;
    aarch64 | arm64) processor=arm64 ;;
    *) processor=$(uname -m) ;;
  esac
  echo "$(uname -s | tr '[:upper:]' '[:lower:]')-$processor"
}

sha512() {
  if command -v sha512sum >/dev/null; then sha512sum "$1"; else shasum -a 512 "$1"; fi | cut -d' ' -f1
}

# Start one of our own on free ports of the loopback address and name it in KUBECONFIG, its kubectl first on the PATH. Whoever calls this
# calls `stop_kubernetes` in the end.
start_kubernetes() {
  local programs etcd peers server token
  programs=$(kubernetes_programs)
  if [ -n "${KUBECONFIG:-}" ] || [ -z "$programs" ]; then return; fi
  if ! command -v openssl >/dev/null; then
    say "An API server of Kubernetes needs a key that openssl makes, which is not here, so the tests that need one are left out."
    return
  fi
  say "Starting an API server of Kubernetes, for the tests …"
  kubernetes_home=$(mktemp -d)
  etcd=$(free_port) peers=$(free_port) server=$(free_port)
  token=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
  openssl genrsa -out "$kubernetes_home/accounts.key" 2048 2>/dev/null
  (umask 077 && echo "$token,tests,tests,system:masters" >"$kubernetes_home/tokens.csv")
  "$programs/etcd" --data-dir "$kubernetes_home/etcd" --listen-client-urls "http://127.0.0.1:$etcd" \
    --advertise-client-urls "http://127.0.0.1:$etcd" --listen-peer-urls "http://127.0.0.1:$peers" >"$kubernetes_home/etcd.log" 2>&1 &
  kubernetes_processes=$!
  "$programs/kube-apiserver" --etcd-servers "http://127.0.0.1:$etcd" --bind-address 127.0.0.1 --secure-port "$server" \
    --cert-dir "$kubernetes_home" --service-cluster-ip-range 10.0.0.0/24 --authorization-mode RBAC \
    --token-auth-file "$kubernetes_home/tokens.csv" --disable-admission-plugins ServiceAccount \
    --service-account-issuer https://localhost --service-account-key-file "$kubernetes_home/accounts.key" \
    --service-account-signing-key-file "$kubernetes_home/accounts.key" >"$kubernetes_home/server.log" 2>&1 &
  kubernetes_processes="$kubernetes_processes $!"
  kubernetes_configuration "$server" "$token" >"$kubernetes_home/config"
  export KUBECONFIG=$kubernetes_home/config PATH=$programs:$PATH
  await_kubernetes
}

# kubernetes_configuration PORT TOKEN
kubernetes_configuration() {
  cat <<CONFIGURATION
apiVersion: v1
kind: Config
current-context: tests
contexts: [{name: tests, context: {cluster: tests, user: tests}}]
clusters: [{name: tests, cluster: {server: "https://127.0.0.1:$1", certificate-authority: $kubernetes_home/apiserver.crt}}]
users: [{name: tests, user: {token: $2}}]
CONFIGURATION
}

await_kubernetes() {
  local second
  for ((second = 0; second < 120; second++)); do
    if [ "$(kubectl get --raw /readyz 2>/dev/null)" = ok ]; then return; fi
    sleep 1
  done
  tail -n 20 "$kubernetes_home/server.log" >&2
  fail 1 "" "The API server of Kubernetes does not answer, see above."
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# Hard, as there is nothing to save: asked nicely, the server waits for what is under way, and for an etcd that has gone.
stop_kubernetes() {
  # shellcheck disable=SC2086 # one number a word
  if [ -n "${kubernetes_processes:-}" ]; then
    kill -KILL $kubernetes_processes 2>/dev/null || :
    wait $kubernetes_processes 2>/dev/null || :
  fi
  if [ -n "${kubernetes_home:-}" ]; then rm -rf "$kubernetes_home"; fi
}
