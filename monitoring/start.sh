#!/bin/sh
# Fills a configuration in from the environment, then becomes the program that reads it:
#
#   start.sh CONFIGURATION PROGRAM [ARGUMENT...]
#
# Prometheus and Alertmanager read no variables. Each ${NAME} in the configuration becomes the value
# of that variable; the result and the secrets, a file each, go to $RUN_FOLDER, which should be in
# memory. The names are those of .env.example.
set -eu
umask 077

refuse() {
    echo "start.sh: $*" >&2
    exit 2
}

[ $# -ge 2 ] || refuse "usage: start.sh CONFIGURATION PROGRAM [ARGUMENT...]"
source=$1
shift
[ -r "$source" ] || refuse "there is no configuration $source"

: "${RUN_FOLDER:=/run/monps}"
: "${WEB_ADDRESS:=web:8001}" "${ALERTMANAGER_ADDRESS:=alertmanager:9093}"
: "${RULES_FOLDER:=/rules}" "${PUBLIC_URL:=http://127.0.0.1:8001}"
: "${EMAIL_HOST:=}" "${EMAIL_PORT:=587}" "${EMAIL_HOST_USER:=}" "${EMAIL_HOST_PASSWORD:=}"
: "${EMAIL_USE_TLS:=true}" "${EMAIL_TO:=}" "${DEFAULT_FROM_EMAIL:=$EMAIL_HOST_USER}"
: "${MONPS_API_TOKEN:=}" "${ALERTS_WEBHOOK_SECRET:=}"
CONFIGURATION_FOLDER=$(cd "$(dirname "$source")" && pwd)
mkdir -p "$RUN_FOLDER"

case $EMAIL_USE_TLS in
    true | True | 1 | yes) EMAIL_USE_TLS=true ;;
    false | False | 0 | no) EMAIL_USE_TLS=false ;;
    *) refuse "EMAIL_USE_TLS is true or false, not $EMAIL_USE_TLS" ;;
esac
case $EMAIL_PORT in
    *[!0-9]*) refuse "EMAIL_PORT is a number, not $EMAIL_PORT" ;;
    465) EMAIL_USE_TLS=false ;; # the whole connection is encrypted there: nothing is left to start
esac

printf %s "$MONPS_API_TOKEN" >"$RUN_FOLDER/api_token"
printf %s "$ALERTS_WEBHOOK_SECRET" >"$RUN_FOLDER/webhook_secret"
printf %s "$EMAIL_HOST_PASSWORD" >"$RUN_FOLDER/email_password"

# A line of sed for each name; a value stands inside YAML's single quotes.
: >"$RUN_FOLDER/fill.sed"
for name in $(grep -o '[$]{[A-Z_]*}' "$source" | tr -d '${}' | sort -u); do
    eval "value=\${$name-unset}" # a name is letters and underscores only
    [ "$value" != unset ] || refuse "$source names $name, which is not set"
    case $value in
        *"
"*) refuse "$name has more than one line" ;;
    esac
    escaped=$(printf %s "$value" | sed -e "s/'/''/g" -e 's/[\\&|]/\\&/g')
    printf 's|[$]{%s}|%s|g\n' "$name" "$escaped" >>"$RUN_FOLDER/fill.sed"
done

filled=$RUN_FOLDER/$(basename "$source")
sed -f "$RUN_FOLDER/fill.sed" "$source" >"$filled"

if grep -q 'email_configs:' "$source"; then
    if [ -z "$EMAIL_HOST" ]; then
        echo "start.sh: EMAIL_HOST is not set: alerts are recorded, and none is mailed" >&2
        # Each block of mails stands before a block of webhooks.
        sed -e '/^ *email_configs:/,/^ *webhook_configs:/{/webhook_configs:/!d;}' -e '/^ *smtp_/d' \
            "$filled" >"$filled.unfinished"
        mv "$filled.unfinished" "$filled"
    elif [ -z "$EMAIL_TO" ] || [ -z "$DEFAULT_FROM_EMAIL" ]; then
        refuse "EMAIL_HOST is set: name who gets the mails in EMAIL_TO, and the sender in DEFAULT_FROM_EMAIL"
    fi
    # The one thing templates must know of the environment.
    site=$(printf %s "${PUBLIC_URL%/}" | tr -d '{}"')
    printf '{{ define "monps.site" }}%s{{ end }}\n' "$site" >"$RUN_FOLDER/site.tmpl"
    [ -n "$ALERTS_WEBHOOK_SECRET" ] ||
        echo "start.sh: ALERTS_WEBHOOK_SECRET is not set: MON_PS will not record alerts" >&2
elif [ -z "$MONPS_API_TOKEN" ]; then
    refuse "MONPS_API_TOKEN is not set: the site shows its metrics to nobody else"
fi

exec "$@"
