#!/usr/bin/env bash
# Redis 7, MySQL 9.7 and Kafka 4.3.1 on a Debian machine without Docker, on loopback only,
# with the settings of docker-compose.yml.
#
#   services.sh install                        what is missing: redis-server, Java, Maven, MySQL, Kafka
#   services.sh start  [dir] [server...]       start those that are not up; a new dir starts empty
#   services.sh stop   [dir] [server...]       stop and wait until they are gone; their data stays
#   services.sh status [dir] [server...]       one line each; exit code 0 only if all are up
#   services.sh env    [dir]                   settings for the application: export $(services.sh env)
#   services.sh kill   <dir> <server...>       SIGKILL; a later start continues on what is on disk
#   services.sh freeze <dir> <server...>       SIGSTOP
#   services.sh thaw   <dir> <server...>       SIGCONT
#
# A server is redis, mysql or kafka; none named means all three.
# dir                 all data, logs and pid files (default: $SERVICES_DATA, else coupon-services-<uid> in the temp folder)
# REDIS_PORT, MYSQL_PORT, KAFKA_PORT
#                     default: the ports dir was last started with, else 6379, 3306, 9092; Kafka takes the next port as
#                     well. Stacks with different dirs and ports run side by side.
# KAFKA_DETOURS       more ports of the broker, each known to its clients by another one: "20100=20200 20101=20201", for
#                     proxies to stand between
# SERVICES_ROOT       where install puts MySQL and Kafka (default: /opt/services)
# SERVICES_TIMEOUT    seconds a server may take to come up (default: 90)
set -euo pipefail

readonly SERVERS=(redis mysql kafka)
readonly KAFKA_VERSION=4.3.1 LOG4J_VERSION=2.25.4
readonly ROOT="${SERVICES_ROOT:-/opt/services}"
readonly TIMEOUT="${SERVICES_TIMEOUT:-90}"
readonly STOP_TIMEOUT=30

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }
say() { printf '%s\n' "$*"; }
fail() {
  printf 'services.sh: %s\n' "$*" >&2
  exit 1
}

# ---- install ---------------------------------------------------------------------------------------------------------

as_root() {
  if [ "$EUID" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "needs root: $*"
  fi
}

install_debian_packages() {
  local packages=()
  command -v redis-server >/dev/null || packages+=(redis-server)
  command -v java >/dev/null || packages+=(default-jre-headless)
  command -v mvn >/dev/null || packages+=(maven)
  [ ${#packages[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "install ${packages[*]} by hand: this machine has no apt-get"
  say "installing ${packages[*]}"

  # Debian starts a server as soon as it is installed; its Redis would sit on the default port without our settings.
  local policy=/usr/sbin/policy-rc.d own_policy=''
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
    own_policy=yes
  fi
  local result=0
  as_root apt-get -qq update || result=$?
  [ "$result" -ne 0 ] || as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=120 \
    install --no-install-recommends "${packages[@]}" >/dev/null || result=$?
  [ -z "$own_policy" ] || as_root rm -f "$policy"
  [ "$result" -eq 0 ] || fail "apt-get could not install ${packages[*]}"
}

debian_mirror() {
  local uri=''
  uri=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1) || true
  [ -n "$uri" ] || uri=$(awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^http/) { print $i; exit } }' \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null) || true
  [ -n "$uri" ] || fail "no Debian mirror found in /etc/apt"
  say "$uri"
}

# MySQL brings its own C library: it is started through that library's loader, never directly.
unpacked_mysql() {
  local program=$1 libraries
  shift
  libraries=$(dirname "$(compgen -G "$ROOT/mysql/usr/lib/*/libc.so.6" | head -n 1)")
  MYSQL_COMMAND=("$(compgen -G "$libraries/ld-linux-*.so.*" | head -n 1)" --library-path "$libraries"
    "$ROOT/mysql/usr/$program" --no-defaults "$@")
}

mysql_installed() {
  [ -x "$ROOT/mysql/usr/sbin/mysqld" ] && [ -x "$ROOT/mysql/usr/bin/mysql" ] || return 1
  unpacked_mysql sbin/mysqld --version && "${MYSQL_COMMAND[@]}" >/dev/null 2>&1
}

# Debian stable has MariaDB only; MySQL is in unstable. Unpacked with its libraries into a folder of its own it
# changes nothing on the machine.
install_mysql() {
  mysql_installed && return 0
  command -v apt-get >/dev/null || fail "MySQL is taken from Debian's packages, and this machine has no apt-get"
  say "installing MySQL into $ROOT/mysql"
  local apt="$ROOT/mysql-apt" target="$ROOT/mysql-partial" deb mirror
  mirror=$(debian_mirror)
  rm -rf "$apt" "$target" "$ROOT/mysql"
  mkdir -p "$apt"/{lists/partial,archives/partial} "$target"
  : >"$apt/status"
  say "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$apt/sources.list"
  local options=(-o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" -o Dir::Cache::archives="$apt/archives"
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Install-Recommends=false
    -o APT::Sandbox::User=root -o Debug::NoLocking=true)
  apt-get "${options[@]}" -qq update
  apt-get "${options[@]}" -y -qq --download-only install mysql-server-core mysql-client-core >/dev/null
  for deb in "$apt"/archives/*.deb; do dpkg -x "$deb" "$target"; done
  mv "$target" "$ROOT/mysql"
  rm -rf "$apt"
  mysql_installed || fail "MySQL is unpacked in $ROOT/mysql but does not run"
}

kafka_installed() {
  [ -f "$ROOT/kafka/libs/kafka_2.13-$KAFKA_VERSION.jar" ] && [ -f "$ROOT/kafka/libs/log4j-slf4j-impl-$LOG4J_VERSION.jar" ]
}

# log4j-slf4j-impl is what makes Kafka's log appear at all; Kafka's own archive adds it, its Maven modules do not.
install_kafka() {
  kafka_installed && return 0
  say "installing Kafka $KAFKA_VERSION into $ROOT/kafka"
  local target="$ROOT/kafka-partial"
  rm -rf "$target"
  mkdir -p "$target"
  cat >"$target/pom.xml" <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>kafka-broker</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$KAFKA_VERSION</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>$KAFKA_VERSION</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>$LOG4J_VERSION</version></dependency>
  </dependencies>
</project>
XML
  timeout 600 mvn -q -B -Dstyle.color=never -f "$target/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
    -DoutputDirectory="$target/libs" || fail "Maven could not fetch Kafka $KAFKA_VERSION"
  rm -rf "$ROOT/kafka"
  mv "$target" "$ROOT/kafka"
  kafka_installed || fail "Kafka is in $ROOT/kafka, but jars are missing"
}

installed_versions() {
  say "redis $(redis-server --version | sed -n 's/.*v=\([^ ]*\).*/\1/p')"
  unpacked_mysql sbin/mysqld --version
  say "mysql $("${MYSQL_COMMAND[@]}" | sed -n 's/.*Ver \([^ ]*\).*/\1/p')"
  say "kafka $KAFKA_VERSION on $(java -version 2>&1 | head -n 1)"
}

install_all() {
  install_debian_packages
  [ -w "$ROOT" ] || mkdir -p "$ROOT" 2>/dev/null || as_root install -d -o "$EUID" "$ROOT"
  (
    flock -w 900 9 || fail "another install holds $ROOT/.lock"
    install_mysql
    install_kafka
  ) 9>"$ROOT/.lock"
  installed_versions
}

# ---- one server's process --------------------------------------------------------------------------------------------

log_of() { say "$DATA/$1/log"; }

# The pid, if the process is alive and really ours: numbers are reused, and a zombie (empty command line) is dead.
pid_of() {
  local pid
  pid=$(cat "$DATA/$1/pid" 2>/dev/null) && [ -n "$pid" ] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$DATA/$1/" || return 1
  say "$pid"
}

is_frozen() { grep -q '^State:[[:space:]]*[Tt]' "/proc/$1/status" 2>/dev/null; }

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

wait_gone() {
  local server=$1 deadline=$((SECONDS + $2))
  while pid_of "$server" >/dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.05
  done
}

# The port a server is or would be on: told by the environment, else what the dir was last started with, else the default.
port_of() {
  local server=$1 told default recorded=''
  case $server in
    redis) told=${REDIS_PORT:-} default=6379 ;;
    mysql) told=${MYSQL_PORT:-} default=3306 ;;
    kafka) told=${KAFKA_PORT:-} default=9092 ;;
  esac
  recorded=$(cat "$DATA/$server/port" 2>/dev/null) || true
  if pid_of "$server" >/dev/null; then told=''; fi
  say "${told:-${recorded:-$default}}"
}

# setsid, and nothing of ours kept open: the server outlives this script, its terminal and a caller that reads our output.
launch() {
  local server=$1 port=$2
  shift 2
  say "$port" >"$DATA/$server/port"
  # shellcheck disable=SC2016 # for the inner shell
  setsid bash -c 'echo "$$" >"$0"; exec "$@"' "$DATA/$server/pid" "$@" \
    </dev/null >>"$(log_of "$server")" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
}

give_up() {
  local server=$1 reason=$2
  {
    say "services.sh: $server $reason; the end of $(log_of "$server"):"
    tail -n 15 "$(log_of "$server")" | sed 's/^/  /'
  } >&2
  kill_server "$server" >/dev/null
  return 1
}

# ---- Redis -----------------------------------------------------------------------------------------------------------

ports_needed_by_redis() { say "$1"; }

prepare_redis() { mkdir -p "$DATA/redis/data"; }

# The title stays the command line: pid_of looks there for the dir.
launch_redis() {
  launch redis "$1" redis-server --port "$1" --bind 127.0.0.1 --dir "$DATA/redis/data" --daemonize no --set-proc-title no \
    --appendonly yes --appendfsync always --maxmemory-policy noeviction --save ''
}

answers_redis() { [ "$(timeout 5 redis-cli -p "$1" ping 2>/dev/null)" = PONG ]; }

# ---- MySQL -----------------------------------------------------------------------------------------------------------

ports_needed_by_mysql() { say "$1"; }

mysqld() {
  local share="$ROOT/mysql/usr/share/mysql" user=()
  # mysqld refuses to run as root unless told so.
  [ "$EUID" -ne 0 ] || user=(--user=root)
  unpacked_mysql sbin/mysqld --basedir="$ROOT/mysql/usr" --lc-messages-dir="$share" --character-sets-dir="$share/charsets" \
    --plugin-dir="$ROOT/mysql/usr/lib/mysql/plugin" --mysqlx=OFF --secure-file-priv=NULL "${user[@]}" "$@"
}

prepare_mysql() {
  mkdir -p "$DATA/mysql"
  say 'CREATE DATABASE IF NOT EXISTS coupon;' >"$DATA/mysql/init.sql"
  [ ! -d "$DATA/mysql/data" ] || return 0
  rm -rf "$DATA/mysql/data-partial"
  mysqld --initialize-insecure --datadir="$DATA/mysql/data-partial"
  timeout "$TIMEOUT" "${MYSQL_COMMAND[@]}" >>"$(log_of mysql)" 2>&1 || return 1
  mv "$DATA/mysql/data-partial" "$DATA/mysql/data"
}

# No Unix socket: its path may be at most 107 characters, and the lock file that a killed mysqld leaves with it
# refuses a start as soon as its process number is in use again.
launch_mysql() {
  mysqld --datadir="$DATA/mysql/data" --port="$1" --bind-address=127.0.0.1 --socket= \
    --pid-file="$DATA/mysql/data/mysqld.pid" --init-file="$DATA/mysql/init.sql" --max-connections=300 \
    --default-time-zone=+00:00
  launch mysql "$1" env TZ=UTC "${MYSQL_COMMAND[@]}"
}

answers_mysql() {
  unpacked_mysql bin/mysql -h127.0.0.1 -P"$1" -uroot --connect-timeout=5 -e 'SELECT 1' coupon
  timeout 5 "${MYSQL_COMMAND[@]}" >/dev/null 2>&1
}

# ---- Kafka -----------------------------------------------------------------------------------------------------------

# A killed broker may not register again before its old session is over, hence the short session: with the default of
# 9 s a start after a kill takes 14 s.
ports_needed_by_kafka() { say "$1 $(($1 + 1))"; }

prepare_kafka() {
  local dir="$DATA/kafka" port=$1 entry detours='' advertised='' protocols=''
  for entry in ${KAFKA_DETOURS:-}; do
    detours+=",DETOUR${entry#*=}://127.0.0.1:${entry%=*}"
    advertised+=",DETOUR${entry#*=}://127.0.0.1:${entry#*=}"
    protocols+=",DETOUR${entry#*=}:PLAINTEXT"
  done
  mkdir -p "$dir"
  cat >"$dir/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))$detours
advertised.listeners=PLAINTEXT://127.0.0.1:$port$advertised
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT$protocols
log.dirs=$dir/data
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
PROPERTIES
  cat >"$dir/log4j2.properties" <<'PROPERTIES'
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=info
rootLogger.appenderRef.console.ref=console
PROPERTIES
  [ ! -f "$dir/formatted" ] || return 0
  timeout "$TIMEOUT" "${JAVA[@]}" -Xmx256m -cp "$ROOT/kafka/libs/*" kafka.tools.StorageTool format --ignore-formatted \
    --cluster-id MkU3OEVBNTcwNTJENDM2Qk --config "$dir/server.properties" >>"$(log_of kafka)" 2>&1 || return 1
  : >"$dir/formatted"
}

readonly JAVA=(java -XX:+UseG1GC)

launch_kafka() {
  launch kafka "$1" "${JAVA[@]}" -Xms256m -Xmx512m -XX:+ExitOnOutOfMemoryError \
    -Dlog4j2.configurationFile="$DATA/kafka/log4j2.properties" -cp "$ROOT/kafka/libs/*" \
    kafka.Kafka "$DATA/kafka/server.properties"
}

# The port opens while the broker is still fenced, and topics cannot be created yet: its own word is awaited. (A client
# from the jars would cost a Java start each time.)
answers_kafka() { port_open "$1" && grep -q -m 1 'Kafka Server started' "$(log_of kafka)"; }

# ---- commands --------------------------------------------------------------------------------------------------------

start_server() {
  local server=$1 port pid deadline=$((SECONDS + TIMEOUT)) needed
  port=$(port_of "$server")
  if pid=$(pid_of "$server"); then
    if is_frozen "$pid"; then fail "$server is frozen (pid $pid): thaw it first"; fi
  else
    for needed in $("ports_needed_by_$server" "$port"); do
      if port_open "$needed"; then fail "$server needs port $needed of 127.0.0.1, which another process has"; fi
    done
    mkdir -p "$DATA/$server"
    [ ! -f "$(log_of "$server")" ] || mv "$(log_of "$server")" "$(log_of "$server").previous"
    : >"$(log_of "$server")"
    "prepare_$server" "$port" || { give_up "$server" "could not prepare its data"; return 1; }
    "launch_$server" "$port"
    until pid=$(pid_of "$server"); do
      [ "$SECONDS" -lt "$deadline" ] || { give_up "$server" "did not start"; return 1; }
      kill -0 "$!" 2>/dev/null || { give_up "$server" "ended at once"; return 1; }
      sleep 0.02
    done
  fi
  until "answers_$server" "$port"; do
    pid_of "$server" >/dev/null || { give_up "$server" "ended while starting"; return 1; }
    [ "$SECONDS" -lt "$deadline" ] || { give_up "$server" "was not up after $TIMEOUT s"; return 1; }
    sleep 0.1
  done
  say "$server up port $port pid $pid"
}

stop_server() {
  local server=$1 pid
  if pid=$(pid_of "$server"); then
    kill -TERM "$pid" 2>/dev/null || true
    # A frozen process acts on its SIGTERM only when it runs again.
    kill -CONT "$pid" 2>/dev/null || true
    if ! wait_gone "$server" "$STOP_TIMEOUT"; then
      say "services.sh: $server did not stop within $STOP_TIMEOUT s and is killed; see $(log_of "$server")" >&2
      kill_server "$server" >/dev/null
    fi
  fi
  rm -f "$DATA/$server/pid"
  say "$server stopped"
}

kill_server() {
  local server=$1 pid
  if pid=$(pid_of "$server"); then
    kill -KILL "$pid" 2>/dev/null || true
    wait_gone "$server" "$STOP_TIMEOUT" || fail "$server (pid $pid) survives SIGKILL"
  fi
  rm -f "$DATA/$server/pid"
  say "$server killed"
}

freeze_server() {
  local server=$1 pid
  pid=$(pid_of "$server") || fail "$server is not running"
  kill -STOP "$pid"
  say "$server frozen pid $pid"
}

thaw_server() {
  local server=$1 pid
  pid=$(pid_of "$server") || fail "$server is not running"
  kill -CONT "$pid"
  say "$server thawed pid $pid"
}

status_server() {
  local server=$1 port pid
  port=$(port_of "$server")
  if ! pid=$(pid_of "$server"); then
    say "$server down port $port"
    return 1
  elif is_frozen "$pid"; then
    say "$server frozen port $port pid $pid"
    return 1
  elif ! "answers_$server" "$port"; then
    say "$server starting port $port pid $pid"
    return 1
  fi
  say "$server up port $port pid $pid"
}

# All at once: a fresh start costs the slowest server, not their sum.
for_each_server() {
  local action=$1 server result=0 jobs=() job
  shift
  for server in "$@"; do
    "${action}_server" "$server" &
    jobs+=("$!")
  done
  for job in "${jobs[@]}"; do wait "$job" || result=1; done
  return "$result"
}

print_env() {
  say "REDIS_URL=redis://127.0.0.1:$(port_of redis)"
  say "MYSQL_URL=mysql://root@127.0.0.1:$(port_of mysql)/coupon"
  say "KAFKA_BROKERS=127.0.0.1:$(port_of kafka)"
}

is_server() {
  local server
  for server in "${SERVERS[@]}"; do [ "$1" != "$server" ] || return 0; done
  return 1
}

main() {
  local action=${1:-} dir
  [ $# -eq 0 ] || shift
  case $action in
    install) [ $# -eq 0 ] || fail "install takes no arguments"; install_all; return ;;
    start | stop | status | env | kill | freeze | thaw) ;;
    help | -h | --help) usage; return ;;
    *) usage >&2; exit 2 ;;
  esac

  dir=${SERVICES_DATA:-${TMPDIR:-/tmp}/coupon-services-$EUID}
  if [ $# -gt 0 ] && ! is_server "$1"; then
    dir=$1
    shift
  fi
  DATA=$(realpath -m -- "$dir")
  readonly DATA
  case $action in kill | freeze | thaw) [ $# -gt 0 ] || fail "$action needs a directory and a server" ;; esac
  local server
  for server in "$@"; do is_server "$server" || fail "unknown server: $server (one of: ${SERVERS[*]})"; done
  [ $# -gt 0 ] || set -- "${SERVERS[@]}"

  case $action in
    env) print_env ;;
    start)
      if ! { command -v redis-server >/dev/null && mysql_installed && kafka_installed; }; then
        fail "run first: services.sh install"
      fi
      for_each_server start "$@"
      ;;
    status)
      local up=0
      for server in "$@"; do status_server "$server" || up=1; done
      return "$up"
      ;;
    *) for_each_server "$action" "$@" ;;
  esac
}

main "$@"
