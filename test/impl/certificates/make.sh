#!/bin/sh
# Makes the certificates that the tests use: an authority with nodes n1 to n3 and a client, and another authority that no
# cluster trusts, with a node n1 of its own. They are valid from 2020 for a hundred years, and worth nothing outside the
# tests: the authorities' keys are thrown away.
set -e
cd "$(dirname "$0")"
work=$(mktemp -d)

request() { # FILE SUBJECT
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -subj "/CN=$2" -keyout "$1.key" -out "$work/request.pem" 2>/dev/null
}

# The subject alternative name and the basic constraints come last; the rest of the configuration is the least there is.
sign() { # FILE EXTENSION OPTIONS...
  file=$1 extension=$2
  shift 2
  : > "$work/index"
  printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s/index\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=p\nx509_extensions=e\nrand_serial=yes\n[p]\ncommonName=supplied\n[e]\n%s\n' \
    "$work" "$work" "$extension" > "$work/ca.cnf"
  openssl ca -batch -notext -config "$work/ca.cnf" -startdate 20200101000000Z -enddate 21200101000000Z \
    -in "$work/request.pem" -out "$file.pem" "$@" 2>/dev/null
}

authority() { # NAME
  request "$1-ca" "lockstep test authority $1"
  sign "$1-ca" 'basicConstraints=critical,CA:true' -selfsign -keyfile "$1-ca.key"
}

certificate() { # AUTHORITY NAME
  request "$1-$2" "$2"
  sign "$1-$2" "subjectAltName=DNS:$2,IP:127.0.0.1" -cert "$1-ca.pem" -keyfile "$1-ca.key"
}

authority ours
for name in n1 n2 n3 client; do certificate ours "$name"; done
authority other
certificate other n1
rm -f ours-ca.key other-ca.key
rm -r "$work"
