# What happens beside unpacking and removing.
name=@name@
state=/var/lib/$name
unit=$name.service
config=/etc/istimrar
systemd_runs() {
  [ -d /run/systemd/system ]
}

prepare() {
  getent group "$name" >/dev/null || groupadd --system "$name"
  getent passwd "$name" >/dev/null || useradd --system --gid "$name" --home-dir "$state" \
    --no-create-home --shell /usr/sbin/nologin --comment "Istimrar" "$name"
  install -d -o root -g root -m 0755 "$config"
  install -d -o "$name" -g "$name" -m 0700 "$state"
  # What is there is the institution's own and is never replaced.
  for file in @examples@; do
    if [ ! -e "$config/$file" ] && [ ! -L "$config/$file" ]; then
      install -o root -g "$name" -m 0640 "/usr/share/$name/$file" "$config/$file"
    fi
  done
}

# $1: first or again. It starts with the host only once it was set up.
start() {
  command -v systemctl >/dev/null || return 0
  if systemd_runs; then systemctl daemon-reload; fi
  if [ "$1" = first ] && [ -e "$state/@proof@" ]; then systemctl --quiet enable "$unit"; fi
  if systemd_runs && systemctl --quiet is-enabled "$unit" 2>/dev/null; then
    systemctl restart "$unit" || echo "$unit does not start: journalctl -u $unit tells why." >&2
  fi
}

stop() {
  systemd_runs || return 0
  for timer in @timers@; do systemctl stop "$timer" || true; done
  systemctl stop "$unit" || true
}

removed() {
  if systemd_runs; then systemctl daemon-reload; fi
}

purge() {
  rm -f "/etc/systemd/system/multi-user.target.wants/$unit"
  for timer in @timers@; do rm -f "/etc/systemd/system/timers.target.wants/$timer"; done
  rm -rf "/var/cache/$name" "/usr/lib/$name"
  for file in @settings@; do rm -f "$config/$file"; done
  if [ -d "$config" ]; then rmdir --ignore-fail-on-non-empty "$config"; fi
  if [ @keeps@ = yes ] && [ -e "$state/@proof@" ]; then
    echo "The evidence in $state was kept, and its owner $name. Who is sure: rm -r $state" >&2
    return 0
  fi
  rm -rf "$state"
  if getent passwd "$name" >/dev/null; then userdel "$name" || true; fi
  if getent group "$name" >/dev/null; then groupdel "$name" || true; fi
}
