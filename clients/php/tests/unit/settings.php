<?php

declare(strict_types=1);

use Tdam\Client\Authority;
use Tdam\Client\Client;
use Tdam\Client\ErrorKind;
use Tdam\Client\Identity;
use Tdam\Client\Internal\Address;
use Tdam\Client\Internal\Call;
use Tdam\Client\Internal\CurlFailure;
use Tdam\Client\Internal\KeyRequest;
use Tdam\Client\Internal\Retries;
use Tdam\Client\KeyKind;
use Tdam\Client\Options;

return [
    'only https, host and port are an address' => static function (): void {
        same(['https://host.example', 'host.example'], [Address::of('HTTPS://Host.example:443/')->origin, Address::of('https://host.example')->authority]);
        same('[::1]:8443', Address::of('https://[::1]:8443')->authority);
        foreach (['http://h', 'h:8443', '', 'https://', 'https://u:p@h', 'https://h/path', 'https://h?x', 'https://h#x', "https://h\n", 'https://gāze.lv', 'ftp://h'] as $wrong) {
            fails(ErrorKind::Configuration, static fn () => Address::of($wrong));
        }
    },
    'a password in the address is not repeated' => static function (): void {
        same(false, str_contains(fails(ErrorKind::Configuration, static fn () => Address::of('https://me:geheim@h'))->getMessage(), 'geheim'));
    },
    'what the exchange names lies at the exchange' => static function (): void {
        $address = Address::of('https://h:8443');
        same('/v1/payments?submission=3', $address->path('/v1/payments?submission=3'));
        same('/v1/x', $address->path('https://H:8443/v1/x'));
        foreach (['https://evil/v1', 'https://h/v1', '//evil/v1', 'v1', 'https://h:8443@evil/', "/v1\r\nX: y", '/v1\\x', 'http://h:8443/v1'] as $wrong) {
            fails(ErrorKind::Unexpected, static fn () => $address->path($wrong));
        }
    },
    'request ids that cannot be sent are refused' => static function (): void {
        new Call('GET', '/', requestId: 'run-1.a_b:2');
        foreach (['', 'a b', "a\n", str_repeat('a', 65), 'ā'] as $wrong) {
            fails(ErrorKind::Configuration, static fn () => new Call('GET', '/', requestId: $wrong));
        }
    },
    'pauses double up to their bound, and the exchange may ask for more up to it' => static function (): void {
        $options = new Options(firstPause: 0.1, pauseMax: 2.0);
        for ($attempt = 1; $attempt < 2000; $attempt++) {
            $least = min(0.1 * 2 ** min($attempt - 1, 20), 2.0);
            $pause = Retries::pauseAfter($attempt, 0.0, $options);
            same(true, $pause >= $least && $pause <= $least * 1.25);
        }
        $asked = Retries::pauseAfter(1, 1.5, $options);
        same(true, $asked >= 1.5 && $asked <= 1.5 * 1.25);
        same(true, Retries::pauseAfter(1, 3600.0, $options) <= 2.5);
    },
    'options that make no sense are refused' => static function (): void {
        foreach ([['idleTimeout' => 0.0], ['attemptsMax' => 0], ['firstPause' => -1.0], ['tlsMax' => '1.1'], ['userAgent' => "a\r\nX: y"], ['log' => new stdClass()]] as $wrong) {
            fails(ErrorKind::Configuration, static fn () => new Options(...$wrong));
        }
    },
    'certificate and key in one file are not renewed, since the new certificate would take the place of the key' => static function (): void {
        folder(static function (string $folder): void {
            [$certificate, $key] = pair();
            file_put_contents("{$folder}/both.pem", $certificate . $key);
            symlink("{$folder}/both.pem", "{$folder}/link.pem");
            foreach (['both.pem', 'link.pem'] as $name) {
                $client = new Client('https://127.0.0.1:1', Authority::pem($certificate), Identity::files("{$folder}/both.pem", "{$folder}/{$name}"));
                holds('holds the certificate and the key', fails(ErrorKind::Configuration, static fn () => $client->renew())->getMessage());
            }
            same($certificate . $key, file_get_contents("{$folder}/both.pem"));
        });
    },
    'authorities and identities that are unusable are named' => static function (): void {
        [$certificate, $key] = pair();
        [$other] = pair();
        holds('holds no certificate', fails(ErrorKind::Configuration, static fn () => Authority::pem($key)->load())->getMessage());
        holds('do not belong together', fails(ErrorKind::Configuration, static fn () => Identity::pem($other, $key)->load())->getMessage());
        holds('put the certificate of the key first', fails(ErrorKind::Configuration, static fn () => Identity::pem($other . $certificate, $key)->load())->getMessage());
        holds('swapped', fails(ErrorKind::Configuration, static fn () => Identity::pem($key, $certificate)->load())->getMessage());
        openssl_pkey_export($key, $encrypted, 'geheim');
        holds('give its passphrase', fails(ErrorKind::Configuration, static fn () => Identity::pem($certificate, $encrypted)->load())->getMessage());
        holds('does not open', fails(ErrorKind::Configuration, static fn () => Identity::pem($certificate, $encrypted, 'nix')->load())->getMessage());
        same(false, str_contains(Identity::pem($certificate, $encrypted, 'geheim')->load()->keyPem, 'ENCRYPTED'));
        openssl_pkcs12_export($certificate, $store, $key, 'geheim');
        holds('password', fails(ErrorKind::Configuration, static fn () => Identity::keyStore($store, 'nix')->load())->getMessage());
        same(openssl_x509_fingerprint($certificate, 'sha256'), Identity::keyStore($store, 'geheim')->load()->fingerprint);
    },
    'keys and passwords are in no dump and no trace' => static function (): void {
        [$certificate, $key] = pair();
        $identity = Identity::keyStoreFile('/nonexistent', 'geheim');
        $error = fails(ErrorKind::Configuration, static fn () => new Client('https://h', Authority::pem($certificate), $identity));
        $shown = print_r($identity, true) . print_r(Identity::pem($certificate, $key)->load(), true) . $error;
        same(false, str_contains($shown, 'geheim') || str_contains($shown, 'PRIVATE KEY'));
    },
    'of several identities the newest is used, and an unusable one is passed over' => static function (): void {
        [$authority] = pair();
        folder(static function (string $folder) use ($authority): void {
            $identities = [Identity::files('/nonexistent', '/nonexistent')];
            foreach ([5, 20, 10] as $days) {
                [$certificate, $key] = pair(days: $days);
                file_put_contents("{$folder}/{$days}.pem", $certificate);
                $identities[] = Identity::pem($certificate, $key);
            }
            $lines = [];
            new Client('https://h', Authority::pem($authority), $identities, new Options(log: static function (string $level, string $message) use (&$lines): void {
                $lines[] = "{$level} {$message}";
            }));
            holds('warning an identity is passed over', $lines[0]);
            $serial = strtolower(openssl_x509_parse((string) file_get_contents("{$folder}/20.pem"))['serialNumberHex']);
            holds("in use is {$serial},", $lines[1]);
        });
    },
    'without the extension curl an error says what to install' => static function (): void {
        [$certificate] = pair();
        $script = 'require $argv[1]; try { new Tdam\Client\Client("https://h", Tdam\Client\Authority::pem($argv[2])); } catch (Tdam\Client\ExchangeException $e) { echo $e->getMessage(); }';
        // Without php.ini nothing is loaded that is not built in.
        exec(implode(' ', array_map(escapeshellarg(...), [PHP_BINARY, '-n', '-r', $script, dirname(__DIR__, 2) . '/autoload.php', $certificate])) . ' 2>&1', $lines);
        holds('apt install php-curl', implode("\n", $lines));
    },
    'names of a subject are read as OpenSSL writes them' => static function (): void {
        same(['organizationName' => 'A/B+C, "pašvaldība"', 'commonName' => 'x\\y'], KeyRequest::names('/O=A\\/B\\+C\\, "pašvaldība"/CN=x\\\\y'));
        same(64, mb_strlen(KeyRequest::names('/O=' . str_repeat('ā', 70))['organizationName']));
        same(['commonName' => 'online user'], KeyRequest::names('nonsense'));
    },
    'a request that was begun goes on' => static function (): void {
        folder(static function (string $folder): void {
            foreach ([KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] as $kind) {
                $path = "{$folder}/{$kind->value}";
                $begun = KeyRequest::at($path, $kind, '/O=Ā/CN=B', 'geheim');
                $again = KeyRequest::at($path, KeyKind::P256, '/O=other/CN=x', 'geheim');
                same([$begun->requestPem, $kind], [$again->requestPem, KeyKind::like($again->keyPem)]);
                holds('ENCRYPTED', (string) file_get_contents("{$path}.next"));
                same([0600, 0600], [fileperms("{$path}.next") & 0777, fileperms("{$path}.request") & 0777]);
                same('Ā', openssl_csr_get_subject($begun->requestPem, false)['organizationName']);
            }
        });
    },
    'what curl says becomes a kind and an advice' => static function (): void {
        $failure = static fn (int $number, string $text) => CurlFailure::exception($number, $text, 'https://h', 10.0, null);
        $cases = [
            [7, 'Failed to connect to h port 1', ErrorKind::Connection, false, 'check the address'],
            [6, 'Could not resolve host', ErrorKind::Connection, false, 'not known here'],
            [28, 'Connection timed out', ErrorKind::Timeout, false, 'same bytes'],
            [52, 'Empty reply from server', ErrorKind::Connection, false, 'same bytes'],
            [35, 'OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to h:1', ErrorKind::Connection, false, 'handshake'],
            [35, 'error:0A00010B:SSL routines::wrong version number', ErrorKind::Tls, false, 'speaks no TLS'],
            [35, 'error:0A000410:SSL routines::sslv3 alert handshake failure', ErrorKind::Tls, true, 'certificate and key'],
            [56, 'OpenSSL SSL_read: error:0A000418:SSL routines::tlsv1 alert unknown ca, errno 0', ErrorKind::Tls, true, 'another environment'],
            [56, 'OpenSSL SSL_read: Connection reset by peer', ErrorKind::Connection, false, ''],
            [60, 'SSL certificate problem: unable to get local issuer certificate', ErrorKind::Tls, false, 'ca.pem'],
            [60, 'SSL: no alternative certificate subject name matches target host name \'h\'', ErrorKind::Tls, false, 'another host name'],
            [60, 'SSL certificate problem: certificate is not yet valid', ErrorKind::Tls, false, 'clock'],
            [61, 'Unrecognized content encoding type', ErrorKind::Unexpected, false, ''],
            [58, 'unable to set private key file', ErrorKind::Configuration, false, ''],
        ];
        foreach ($cases as [$number, $text, $kind, $isUnauthorised, $advice]) {
            $error = $failure($number, $text);
            same([$text, $kind, $isUnauthorised], [$text, $error->kind(), $error->isUnauthorised()]);
            holds($advice, $error->getMessage());
        }
    },
];
