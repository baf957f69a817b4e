<?php

declare(strict_types=1);

use Tdam\Client\Answer;
use Tdam\Client\Authority;
use Tdam\Client\Body;
use Tdam\Client\Client;
use Tdam\Client\Enrolment;
use Tdam\Client\ErrorKind;
use Tdam\Client\Identity;
use Tdam\Client\InProgress;
use Tdam\Client\KeyKind;
use Tdam\Client\Options;

const ACCOUNTING = 'tdam-sandbox/users/daugava-accounting';
const CONFIGURATION = 'tdam-sandbox/tdam.toml';

/** Runs a program and returns what it printed. */
function run(string ...$command): string
{
    exec(implode(' ', array_map(escapeshellarg(...), $command)) . ' 2>&1', $lines, $status);
    if ($status !== 0) {
        throw new RuntimeException(implode(' ', $command) . " ended with {$status}: " . implode("\n", $lines));
    }
    return implode("\n", $lines);
}

/** A message with so many payments, and its `MsgId`. */
function message(int $payments, string $path, int $seed): string
{
    $id = "PHP-{$payments}-{$seed}-" . getmypid();
    run('tdam', 'generate', 'pain.001.001.09', '--transactions', (string) $payments, '--seed', (string) $seed, '--message-id', $id, '--output', $path);
    return $id;
}

/** The certificate in a key store, PEM. */
function leaf(string $keyStore, string $password): string
{
    openssl_pkcs12_read((string) file_get_contents($keyStore), $content, $password) || throw new RuntimeException("{$keyStore} does not open");
    return $content['cert'];
}

return static function (string $url, string $enrolmentUrl): array {
    $authority = Authority::file('tdam-sandbox/pki/ca.pem');
    $identity = Identity::files(ACCOUNTING . '/certificate.pem', ACCOUNTING . '/key.pem');
    $client = static fn (mixed ...$options): Client => new Client($url, $authority, $identity, new Options(...$options));
    $code = static function (string $user, string ...$options) use ($url): string {
        $json = run('tdam', 'user', '--config', CONFIGURATION, 'enroll', $user, '--json', ...$options);
        return json_decode($json, false, 8, JSON_THROW_ON_ERROR)->code;
    };
    $revoke = static fn (string $certificate) => run('tdam', 'operator', 'revoke', '--config', CONFIGURATION, '--reason', 'superseded', $certificate);

    return [
        'files, bytes and streams get the same answer, over TLS 1.2 and 1.3' => static function () use ($client): void {
            $id = message(3, 'small.xml', 1);
            $first = $client()->submitAndWait(Body::file('small.xml'));
            same(['ACCP', false], [$first->groupStatus(), $first->isRepeated]);
            foreach (['1.2', '1.3'] as $tls) {
                $again = $client(tlsMax: $tls, sign: true, compression: $tls === '1.3');
                foreach ([Body::bytes((string) file_get_contents('small.xml')), Body::stream(popen('cat small.xml', 'r'))] as $body) {
                    $answer = $again->submitAndWait($body);
                    same([$first->xml(), true], [$answer->xml(), $answer->isRepeated]);
                }
            }
            same(3, $client()->statusOverview($id)->payments);
        },
        'a receipt is asked for its answer, also by another client' => static function () use ($client): void {
            message(5000, 'large.xml', 2);
            $outcome = $client()->submit(Body::file('large.xml'), wait: 0);
            if ($outcome instanceof InProgress) {
                same('RCVD', $outcome->receipt?->groupStatus());
                $outcome = $client()->waitForAnswer(InProgress::at($outcome->location), timeout: 120);
            }
            same($outcome->xml(), $client()->submitAndWait(Body::file('large.xml'))->xml());
        },
        'a large file needs little memory' => static function () use ($url): void {
            message(60_000, 'huge.xml', 3);
            same(true, filesize('huge.xml') > 32 << 20);
            $script = 'require $argv[1] . "/autoload.php"; use Tdam\Client\{Authority, Body, Client, Identity, Options};'
                . '$c = new Client($argv[2], Authority::file("tdam-sandbox/pki/ca.pem"), Identity::files($argv[3] . "/certificate.pem", $argv[3] . "/key.pem"), new Options(sign: true));'
                . 'echo $c->submitTest(Body::file("huge.xml"))->groupStatus(), $c->submitTest(Body::stream(popen("cat huge.xml", "r")))->groupStatus();';
            same('ACCPACCP', run(PHP_BINARY, '-d', 'memory_limit=16M', '-r', $script, dirname(__DIR__, 2), $url, ACCOUNTING));
        },
        'bytes, key stores and PEM connect' => static function () use ($url, $authority): void {
            $read = static fn (string $name): string => (string) file_get_contents(ACCOUNTING . "/{$name}");
            $identities = [
                Identity::pem($read('certificate.pem'), $read('key.pem')),
                Identity::keyStore($read('certificate.p12'), 'sandbox'),
                Identity::keyStoreFile(ACCOUNTING . '/certificate.p12', 'sandbox'),
            ];
            foreach ($identities as $identity) {
                $client = new Client($url, Authority::pem($authority->load()), $identity, new Options(sign: true));
                same('Daugava grāmatvedība', $client->heartbeat()->onlineUser);
                same(true, $client->checkSignature(Body::file('small.xml'))->isAccepted);
            }
        },
        'both kinds of key stores are picked up, connect, and are renewed in their file' => static function () use ($url, $authority, $enrolmentUrl, $code, $revoke): void {
            // Only two certificates of an online user are valid at once.
            $revoke('tdam-sandbox/users/daugava-reports/certificate.pem');
            foreach (['key-store', 'key-store-triple-des'] as $kind) {
                $file = "{$kind}.p12";
                $password = (new Enrolment($enrolmentUrl, $authority, $code('Daugava pārskati', '--kind', $kind)))->enrollKeyStore($file);
                same(0600, fileperms($file) & 0777);
                file_put_contents('leaf.pem', leaf($file, $password));
                foreach (['1.2', '1.3'] as $tls) {
                    $client = new Client($url, $authority, Identity::keyStoreFile($file, $password), new Options(tlsMax: $tls));
                    same('Daugava pārskati', $client->heartbeat()->onlineUser);
                }
                $client->renew();
                $revoke('leaf.pem');
                same('Daugava pārskati', $client->heartbeat()->onlineUser);
                same('Daugava pārskati', (new Client($url, $authority, Identity::keyStoreFile($file, $password)))->heartbeat()->onlineUser);
                same([], glob("{$file}.*"));
                file_put_contents('leaf.pem', leaf($file, $password));
                $revoke('leaf.pem');
            }
        },
        'every kind of key enrols, signs and renews' => static function () use ($url, $authority, $enrolmentUrl, $code, $revoke): void {
            $revoke('tdam-sandbox/users/vidzeme-accounting/certificate.pem');
            foreach ([KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] as $kind) {
                [$certificate, $key] = ["{$kind->value}.pem", "{$kind->value}.key"];
                $enrolment = new Enrolment($enrolmentUrl, $authority, $code('Vidzeme grāmatvedība'));
                $first = $enrolment->enroll($certificate, $key, $kind);
                copy($certificate, 'first.pem');
                $client = new Client($url, $authority, Identity::files($certificate, $key), new Options(sign: true));
                same(true, $client->checkSignature(Body::file('small.xml'))->isAccepted);
                $next = $client->renew();
                same(false, $first->serial === $next->serial);
                $revoke('first.pem');
                same(true, $client->checkSignature(Body::file('small.xml'))->isAccepted);
                same([], glob("{$kind->value}*.{next,request,new}", GLOB_BRACE));
                same([0600, 0600], [fileperms($certificate) & 0777, fileperms($key) & 0777]);
                $revoke($certificate);
            }
        },
        'a revoked certificate is exchanged in the files while messages go on' => static function () use ($url, $authority, $enrolmentUrl, $code, $revoke): void {
            (new Enrolment($enrolmentUrl, $authority, $code('Vidzeme grāmatvedība')))->enroll('load.pem', 'load.key');
            copy('load.pem', 'load-old.pem');
            $working = new Client($url, $authority, Identity::files('load.pem', 'load.key'));
            $bodies = [];
            for ($n = 0; $n < 60; $n++) {
                $bodies[] = Body::bytes(str_replace('PHP-3-1-', "PHP-L{$n}-", (string) file_get_contents('small.xml')));
            }
            $answers = 0;
            foreach ($working->submitMany($bodies, connections: 4) as $outcome) {
                same(true, $outcome instanceof Answer);
                if (++$answers === 10) {
                    // Another process renews; this one does not know it.
                    (new Client($url, $authority, Identity::files('load.pem', 'load.key')))->renew();
                    $revoke('load-old.pem');
                }
            }
            same(60, $answers);
            $revoke('load.pem');
        },
        'a renewal that broke off goes on' => static function () use ($url, $authority, $enrolmentUrl, $code, $revoke): void {
            (new Enrolment($enrolmentUrl, $authority, $code('Vidzeme grāmatvedība')))->enroll('cut.pem', 'cut.key');
            copy('cut.pem', 'cut-old.pem');
            copy('cut.key', 'cut-old.key');
            (new Client($url, $authority, Identity::files('cut.pem', 'cut.key')))->renew();
            // As if it had been killed between its two renamings.
            rename('cut.pem', 'cut.pem.next');
            copy('cut-old.pem', 'cut.pem');
            $client = new Client($url, $authority, Identity::files('cut.pem', 'cut.key'));
            same('Vidzeme grāmatvedība', $client->heartbeat()->onlineUser);
            $client->renew();
            same(false, file_exists('cut.pem.next'));
            same('Vidzeme grāmatvedība', (new Client($url, $authority, Identity::files('cut.pem', 'cut.key')))->heartbeat()->onlineUser);
            $revoke('cut-old.pem');
            $revoke('cut.pem');
        },
        'a key that may only be read is renewed and stays so, and a folder that may only be read stops the renewal before it begins' => static function () use ($url, $authority, $enrolmentUrl, $code, $revoke): void {
            folder(static function (string $ro) use ($url, $authority, $enrolmentUrl, $code, $revoke): void {
                (new Enrolment($enrolmentUrl, $authority, $code('Vidzeme grāmatvedība')))->enroll("{$ro}/c.pem", "{$ro}/k.pem");
                copy("{$ro}/c.pem", 'ro-old.pem');
                // The superuser writes everywhere, so another user tries; all classes are there before, since that user may not read ours.
                $script = 'require $argv[1] . "/autoload.php"; use Tdam\Client\{Authority, Client, Identity};'
                    . '$files = new RegexIterator(new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1] . "/src")), "/[.]php$/");'
                    . 'foreach ($files as $file) { require_once $file; } if (posix_geteuid() === 0) { posix_setgid(65534); posix_setuid(65534); }'
                    . 'try { (new Client($argv[2], Authority::pem($argv[3]), Identity::files("$argv[4]/c.pem", "$argv[4]/k.pem")))->renew(); } catch (Exception $e) { echo $e->getMessage(); }';
                chmod("{$ro}/k.pem", posix_geteuid() === 0 ? 0444 : 0400);
                chmod("{$ro}/c.pem", 0444);
                chmod($ro, 0555);
                holds("the folder `{$ro}` is read-only", run(PHP_BINARY, '-r', $script, dirname(__DIR__, 2), $url, $authority->load(), $ro));
                chmod($ro, 0700);
                chmod("{$ro}/k.pem", 0400);
                same(['c.pem', 'k.pem'], array_map(basename(...), glob("{$ro}/*")));
                (new Client($url, $authority, Identity::files("{$ro}/c.pem", "{$ro}/k.pem")))->renew();
                same(0400, fileperms("{$ro}/k.pem") & 0777);
                $revoke('ro-old.pem');
                $revoke("{$ro}/c.pem");
            });
        },
        'a loop that is left early leaves nothing behind' => static function () use ($client): void {
            $bodies = [];
            for ($n = 0; $n < 12; $n++) {
                $bodies[] = Body::bytes(str_replace('PHP-3-1-', "PHP-B{$n}-", (string) file_get_contents('small.xml')));
            }
            $working = $client();
            foreach ($working->submitMany($bodies, connections: 4) as $outcome) {
                same(true, $outcome instanceof Answer);
                break;
            }
            same('manage', $working->heartbeat()->accessMode);
            $answers = iterator_to_array($working->submitMany($bodies, connections: 4));
            ksort($answers);
            same(range(0, 11), array_keys($answers));
            // Tasks that end at once and tasks that wait, mixed: none is forgotten.
            $mixed = [];
            for ($n = 0; $n < 40; $n++) {
                $mixed[] = $n % 4 === 0 ? Body::bytes((string) file_get_contents('small.xml')) : Body::file('/nonexistent');
            }
            $kinds = array_map(static fn ($outcome): string => $outcome instanceof Answer ? 'answer' : $outcome->kind()->value, iterator_to_array($working->submitMany($mixed, connections: 3)));
            $counts = array_count_values($kinds);
            ksort($counts);
            same(['answer' => 10, 'input' => 30], $counts);
        },
        'files and answers are closed at once, not when the collector runs' => static function () use ($client): void {
            $open = static fn (): int => count(scandir('/proc/self/fd') ?: []);
            $working = $client();
            $working->submitAndWait(Body::file('small.xml'));
            gc_disable();
            $before = $open();
            for ($n = 0; $n < 20; $n++) {
                $working->submitAndWait(Body::file('small.xml'));
                $working->submitTest(Body::stream(popen('cat small.xml', 'r')));
                fails(ErrorKind::Refused, static fn () => $working->status('none'));
            }
            same($before, $open());
            gc_enable();
        },
        'nothing of the environment and of the machine counts' => static function () use ($url): void {
            $script = 'require $argv[1] . "/autoload.php"; use Tdam\Client\{Authority, Client, Identity};'
                . 'echo (new Client($argv[2], Authority::file("tdam-sandbox/pki/ca.pem"), Identity::files($argv[3] . "/certificate.pem", $argv[3] . "/key.pem")))->heartbeat()->accessMode;';
            $environment = [];
            foreach (['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'ALL_PROXY', 'all_proxy'] as $name) {
                $environment[] = "{$name}=http://127.0.0.1:9";
            }
            same('manage', run('env', 'SSL_CERT_FILE=/nonexistent', 'CURL_CA_BUNDLE=/nonexistent', ...[...$environment, PHP_BINARY, '-r', $script, dirname(__DIR__, 2), $url, ACCOUNTING]));
        },
        'another authority is not trusted, also if PHP itself does' => static function () use ($url, $identity): void {
            [$other] = pair();
            $script = 'require $argv[1] . "/autoload.php"; use Tdam\Client\{Authority, Client};'
                . 'try { (new Client($argv[2], Authority::pem($argv[3])))->heartbeat(); } catch (Tdam\Client\ExchangeException $e) { echo $e->kind()->value; }';
            $trusted = realpath('tdam-sandbox/pki/ca.pem');
            same('tls', run(PHP_BINARY, '-d', "curl.cainfo={$trusted}", '-d', "openssl.cafile={$trusted}", '-r', $script, dirname(__DIR__, 2), $url, $other));
            $error = fails(ErrorKind::Tls, static fn () => (new Client($url, Authority::pem($other), $identity))->heartbeat());
            same([false, 1], [$error->isUnauthorised(), $error->attempts()]);
        },
        'nobody there: so many attempts, and no more' => static function () use ($authority, $identity): void {
            $client = new Client('https://127.0.0.1:9', $authority, $identity, new Options(attemptsMax: 3, firstPause: 0.01));
            same(3, fails(ErrorKind::Connection, static fn () => $client->heartbeat())->attempts());
        },
        'silence is a timeout, and the call has an end' => static function () use ($authority, $identity): void {
            $silent = stream_socket_server('tcp://127.0.0.1:0');
            $url = 'https://' . stream_socket_get_name($silent, false);
            $client = new Client($url, $authority, $identity, new Options(connectTimeout: 0.1, attemptsMax: 2, firstPause: 0.01));
            same(2, fails(ErrorKind::Timeout, static fn () => $client->heartbeat())->attempts());
            $client = new Client($url, $authority, $identity, new Options(callTimeout: 0.2, attemptsMax: 1000, firstPause: 0.01));
            fails(ErrorKind::Timeout, static fn () => $client->heartbeat());
        },
    ];
};
