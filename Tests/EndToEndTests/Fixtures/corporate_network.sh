#!/bin/sh
# A company's network in a namespace of its own: a server by https under the company's authority, behind a real proxy that wants a
# password. Prints each command's code and what it said; the proxy's log at the end.
#
#   unshare --mount --net corporate_network.sh PROGRAM FOLDER PYTHON      FOLDER: an empty one; needs tinyproxy, openssl, ip, root
set -eu
program=$1 folder=$2 python=$3
here=$(cd "$(dirname "$0")" && pwd)
cd "$folder"
export HOME="$folder"

ip link set lo up
ip address add 10.77.0.1/32 dev lo
printf '127.0.0.1 localhost\n10.77.0.1 bots.corp.test\n' >hosts
mount --bind hosts /etc/hosts

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Corp 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=bots.corp.test 2>/dev/null
printf 'subjectAltName=DNS:bots.corp.test\n' >names
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names 2>/dev/null

export BOT_KEY=k
"$program" serve --port 0 --flavor openai --key-env BOT_KEY --store server.sqlite >serve.txt 2>&1 &
serve=$!
"$python" "$here/tls_front.py" serve.txt server.pem server.key >front.txt 2>&1 &
front=$!
cat >proxy.conf <<END
Port 3128
Listen 127.0.0.1
LogFile "$folder/proxy.log"
LogLevel Connect
BasicAuth kim s3cret
ConnectPort 443
END
tinyproxy -d -c proxy.conf >/dev/null 2>&1 &
proxy=$!
# One more, for everybody.
sed -e 's/3128/3129/' -e 's/proxy.log/open.log/' -e '/BasicAuth/d' proxy.conf >open.conf
tinyproxy -d -c open.conf >/dev/null 2>&1 &
open=$!
trap 'kill $serve $front $proxy $open 2>/dev/null || true' EXIT
until grep -q ready front.txt && grep -q -s -i 'config file finished' proxy.log && grep -q -s -i 'config file finished' open.log; do
    kill -0 $front $proxy $open 2>/dev/null || { cat front.txt proxy.log; exit 1; }
    "$python" -c 'import time; time.sleep(0.05)'
done

mkdir project
cp ca.pem project/
cat >project/muster.yaml <<END
project: p
default_environment: prod
environments:
  prod: {base_url: https://bots.corp.test/v1, dialect: openai, api_key: {env: BOT_KEY}}
  named:
    base_url: https://bots.corp.test/v1
    dialect: openai
    api_key: {env: BOT_KEY}
    proxy: {server: "http://127.0.0.1:3128", user: {env: PROXY_USER}, password: {env: PROXY_PASSWORD}}
    ca_file: ca.pem
END
cat >project/bot.yaml <<END
model: m
tests: [{name: greets, prompt: Hello, assert: [{type: contains, value: Hello}]}]
END

say() { # NAME VARIABLES… -- COMMAND…
    echo "=== $1"
    shift
    variables=""
    while [ "$1" != -- ]; do variables="$variables $1" && shift; done
    shift
    code=0
    # shellcheck disable=SC2086 # Variables hold no spaces.
    env $variables "$program" -C project "$@" 2>&1 || code=$?
    echo "code $code"
}
way="HTTPS_PROXY=http://kim:s3cret@127.0.0.1:3128 SSL_CERT_FILE=$folder/ca.pem"
# shellcheck disable=SC2086
{
    say apply $way -- apply --auto-approve
    say test $way -- test
    say wrong-password "HTTPS_PROXY=http://kim:wrong@127.0.0.1:3128" "SSL_CERT_FILE=$folder/ca.pem" -- plan
    say named PROXY_USER=kim PROXY_PASSWORD=s3cret -- plan -e named --detailed-exitcode
    say open "HTTPS_PROXY=http://127.0.0.1:3129" "SSL_CERT_FILE=$folder/ca.pem" -- plan --detailed-exitcode
    say no-such-proxy "HTTPS_PROXY=http://127.0.0.1:9" "SSL_CERT_FILE=$folder/ca.pem" -- plan
    say strange-authority HTTPS_PROXY=http://kim:s3cret@127.0.0.1:3128 -- plan
}
echo "=== open-log"
grep -i -o 'CONNECT bots.corp.test:443' open.log
echo "=== log"
grep -i -o 'CONNECT bots.corp.test:443' proxy.log | sort | uniq -c
# shellcheck disable=SC2086
say direct "NO_PROXY=.corp.test" $way -- plan --detailed-exitcode
echo "=== log"
grep -i -o 'CONNECT bots.corp.test:443' proxy.log | sort | uniq -c
# A slim container: no authorities at all.
for place in /etc/ssl /usr/share/ca-certificates /etc/pki /usr/local/share/ca-certificates; do
    [ ! -d "$place" ] || mount -t tmpfs none "$place"
done
say slim NO_PROXY=.corp.test -- plan
