#!/usr/bin/env bats
# tls.bats - nginx with TLS in front of the simulator: which certificates are trusted, and the errors for others.
#
# The tests make the certificates: an authority; a good certificate for localhost; one for another host; an expired one.

load set_up

setup_file() {
	command -v nginx >/dev/null || return 0
	command -v openssl >/dev/null || return 0
	make_certificates >"$BATS_FILE_TMPDIR/openssl.log" 2>&1
	start_sim "$BATS_TEST_DIRNAME/scenarios/steady.yaml"
	start_nginx
	export HTTPS_GOOD HTTPS_OTHER HTTPS_EXPIRED
}

teardown_file() {
	[ -z "${NGINX_PREFIX-}" ] || kill "$(cat "$NGINX_PREFIX/nginx.pid")"
	[ -z "${SIM_URL-}" ] || stop_sim
}

setup() {
	set_up
	needs nginx openssl
}

# An authority with a database, because only `openssl ca` takes dates in the past.
make_certificates() {
	local dir=$BATS_FILE_TMPDIR/tls
	mkdir -p "$dir" && cd "$dir" || return
	: >index
	echo 01 >serial
	cat >ca.conf <<-CONF
		[ca]
		default_ca = ours
		[ours]
		database = index
		serial = serial
		new_certs_dir = .
		default_md = sha256
		policy = anything
		copy_extensions = copy
		[anything]
		commonName = supplied
		[req]
		distinguished_name = name
		[name]
	CONF
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config ca.conf -keyout ca.key -out ca.pem -days 30 -subj "/CN=Test authority" \
		-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
	certificate good DNS:localhost 20200101000000Z 20491231235959Z
	certificate other DNS:other.example 20200101000000Z 20491231235959Z
	certificate expired DNS:localhost 20200101000000Z 20210101000000Z
}

certificate() { # certificate NAME SUBJECT_ALT_NAME FROM UNTIL
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config ca.conf -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" -addext "subjectAltName=$2"
	openssl ca -batch -notext -config ca.conf -cert ca.pem -keyfile ca.key -in "$1.csr" -out "$1.pem" -startdate "$3" -enddate "$4"
}

# nginx can't choose a free port: the test tries random ones until nginx starts.
start_nginx() {
	local prefix=$BATS_FILE_TMPDIR/nginx try port
	mkdir -p "$prefix"
	for try in {1..20}; do
		port=$((20000 + RANDOM % 30000))
		nginx_conf "$port" >"$prefix/nginx.conf"
		if nginx -p "$prefix" -c "$prefix/nginx.conf" -e "$prefix/error.log" 2>"$prefix/start.log"; then
			export NGINX_PREFIX=$prefix
			HTTPS_GOOD=https://localhost:$port
			HTTPS_OTHER=https://localhost:$((port + 1))
			HTTPS_EXPIRED=https://localhost:$((port + 2))
			return
		fi
	done
	cat "$prefix/start.log" >&2
	return 1
}

nginx_conf() { # nginx_conf PORT
	local i=0 name
	printf 'pid nginx.pid; worker_processes 1; events { worker_connections 64; }\nhttp { access_log off;\n'
	for name in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path tmp-%s;\n' "$name" "$name"; done
	for name in good other expired; do
		printf 'server { listen 127.0.0.1:%d ssl http2; ssl_certificate %s.pem; ssl_certificate_key %s.key;\n' \
			$(($1 + i++)) "$BATS_FILE_TMPDIR/tls/$name" "$BATS_FILE_TMPDIR/tls/$name"
		printf 'location / { proxy_pass %s; } }\n' "$SIM_URL"
	done
	printf '}\n'
}

check() { # check URL [OPTION…]
	local url=$1
	shift
	BASETEN_API_KEY=simulator-key run --separate-stderr timeout 600 "$CHAINGATE" check --chain rag --deployment q86yjdy --api-url "$url" \
		--timeout 10s --interval 200ms --stable-for 400ms --junit "$BATS_TEST_TMPDIR/report.xml" "$@"
	xmllint --noout "$BATS_TEST_TMPDIR/report.xml"
}

@test "a certificate of an authority given by --ca-file is trusted" {
	check "$HTTPS_GOOD" --ca-file "$BATS_FILE_TMPDIR/tls/ca.pem"
	[ "$status" = 0 ]
}

@test "without --ca-file the certificate isn't trusted: unreachable, and the message says why" {
	check "$HTTPS_GOOD"
	[ "$status" = 5 ]
	[[ "$output$stderr" == *certificate* ]]
	[[ "$output$stderr" == *--ca-file* ]]
}

@test "a certificate for another host is not trusted" {
	check "$HTTPS_OTHER" --ca-file "$BATS_FILE_TMPDIR/tls/ca.pem"
	[ "$status" = 5 ]
	[[ "$output$stderr" == *certificate* ]]
	[[ "$output$stderr" == *localhost* ]]
}

@test "an expired certificate is not trusted" {
	check "$HTTPS_EXPIRED" --ca-file "$BATS_FILE_TMPDIR/tls/ca.pem"
	[ "$status" = 5 ]
	[[ "$output$stderr" == *"expired"* ]]
}

@test "a CA file that can't be read is a usage error, before anything is polled" {
	BASETEN_API_KEY=simulator-key run --separate-stderr "$CHAINGATE" check --chain rag --deployment q86yjdy --api-url "$HTTPS_GOOD" \
		--ca-file "$BATS_TEST_TMPDIR/missing.pem"
	[ "$status" = 2 ]
	[[ "$stderr" == *missing.pem* ]]
}

@test "SSLKEYLOGFILE writes nothing, though libcurl and its curl know it" {
	SSLKEYLOGFILE=$PWD/secrets check "$HTTPS_GOOD" --ca-file "$BATS_FILE_TMPDIR/tls/ca.pem"
	[ "$status" = 0 ]
	[ ! -e secrets ]
}

# In the static program OpenSSL's texts are read only when an error needs them.
@test "an error of OpenSSL comes with its text, whatever the server sends" {
	local what bytes text verdict
	needs python3
	cd "$BATS_TEST_TMPDIR"
	while IFS='|' read -r what bytes text verdict; do
		serve_bytes "$bytes"
		BASETEN_API_KEY=simulator-key run --separate-stderr "$CHAINGATE" check @ready --chain rag --deployment q86yjdy --api-url "https://127.0.0.1:$(cat port)" --timeout 0s
		show
		[ "$status" = 5 ]
		if [[ "$stderr" != *"$text"* || "$stderr" == *"reason("* || "$stderr" != *"$verdict"* ]]; then
			echo "$what: no '$text' or '$verdict'"
			return 1
		fi
	done <<-'END'
		plain HTTP|HTTP/1.1 400 Bad Request\r\n\r\n|SSL routines::wrong version number|TLS failure
		an alert|\x15\x03\x03\x00\x02\x02\x28|SSL routines::sslv3 alert handshake failure|TLS failure
		a message of another length|\x16\x03\x03\x00\x04\x02\x00\x00\x00|SSL routines::length mismatch|TLS failure
		half a record|\x16\x03\x03\x00|no TLS connection could be made|connection reset
		nothing||no TLS connection could be made|connection reset
	END
}

serve_bytes() { # serve_bytes BYTES: to the first connection; leaves its port in the file `port`
	rm -f port
	python3 - "$1" >/dev/null 2>&1 3>&- <<-'END' &
		import os, socket, sys
		server = socket.create_server(("127.0.0.1", 0))
		open("new", "w").write(str(server.getsockname()[1]))
		os.rename("new", "port")
		server.settimeout(60)
		client = server.accept()[0]
		client.recv(4096)
		client.sendall(sys.argv[1].encode().decode("unicode_escape").encode("latin-1"))
		client.close()
	END
	until_true [ -s port ]
}
