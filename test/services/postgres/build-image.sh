#!/usr/bin/env bash
# Makes the image poolproof-test/postgres without a registry, from this machine's own Debian PostgreSQL 15: its
# programs, the libraries that they need, and a shell. Does nothing when the image of these very files is there.
set -euo pipefail
cd "$(dirname "$0")"

image=poolproof-test/postgres
home=/usr/lib/postgresql/15
version=$("$home/bin/postgres" --version)
hash=$(cat build-image.sh entrypoint.sh <(echo "$version") | sha256sum | cut -c1-12)
[ "$(docker image inspect --format '{{.Comment}}' "$image" 2>/dev/null || true)" != "$hash" ] || exit 0

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
programs=(/bin/sh /usr/bin/{mkdir,chown,chmod,rm,cat,locale,setpriv})
modules=$(find "$home/lib" -name '*.so' ! -name 'llvm*' ! -path '*/bitcode/*')
# shellcheck disable=SC2086
libraries=$(ldd "${programs[@]}" "$home"/bin/{postgres,initdb} $modules 2>/dev/null |
  sed -n 's/.*=> \(\/[^ ]*\).*/\1/p; s/^\t\(\/[^ ]*\) .*/\1/p' | sort -u)
mkdir -p "$root"/{bin,usr/bin,etc,tmp,run,var/lib/postgresql,lib64} && chmod 1777 "$root/tmp"
# shellcheck disable=SC2086
tar -ch --exclude='llvmjit*' --exclude=bitcode --exclude=man \
  "$home"/bin/{postgres,initdb} "$home/lib" /usr/share/postgresql/15 /usr/share/zoneinfo/{UTC,Europe} /etc/localtime \
  "${programs[@]}" $libraries 2>/dev/null | tar -C "$root" -x
cp entrypoint.sh "$root/usr/bin/docker-entrypoint.sh"
echo 'postgres:x:999:999::/var/lib/postgresql:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:0::/root:/bin/sh' >>"$root/etc/passwd"
echo 'postgres:x:999:' >"$root/etc/group"
tar -C "$root" --numeric-owner --owner=0 --group=0 -c . | docker import --message "$hash" \
  --change "ENV PATH=$home/bin:/usr/bin:/bin" \
  --change 'ENTRYPOINT ["docker-entrypoint.sh"]' --change 'CMD ["postgres"]' \
  --change 'EXPOSE 5432' - "$image" >/dev/null
