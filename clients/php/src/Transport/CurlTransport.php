<?php

declare(strict_types=1);

namespace Tdam\Client\Transport;

use Tdam\Client\ExchangeException;
use Tdam\Client\Internal\Bounds;
use Tdam\Client\Internal\Credentials;
use Tdam\Client\Internal\CurlFailure;
use Tdam\Client\Internal\Loop;
use Tdam\Client\Internal\Transfer;
use Tdam\Client\Options;

/**
 * Sends by `ext-curl`: HTTP/1.1 over TLS 1.2 or 1.3, connections kept between calls. A {@see \Tdam\Client\Client} makes it by itself.
 *
 * ```php
 * $client = new Client('https://127.0.0.1:8443', Authority::file('ca.pem'), $identity); // sends by curl
 * ```
 */
final class CurlTransport implements Transport
{
    /** @var resource|null Holds the authority where curl's binding takes no bytes (PHP 8.1). */
    private $authorityFile = null;

    /** @internal */
    public function __construct(
        private readonly string $authorityPem,
        private readonly ?Credentials $credentials,
        private readonly Options $options,
        private readonly Loop $loop,
    ) {
        if (!extension_loaded('curl')) {
            throw ExchangeException::configuration('the extension curl is missing: install it (Debian: `apt install php-curl`), or give a PSR-18 client by the option `transport`');
        }
    }

    public function send(Request $request): Response
    {
        $handle = curl_init($request->url);
        if ($handle === false) {
            throw ExchangeException::unexpected('curl cannot be started');
        }
        // Without it curl also trusts the folder of authorities that it was built with. No file lies below this one. A build that knows no
        // such folder refuses the option, and needs none.
        @curl_setopt($handle, CURLOPT_CAPATH, '/dev/null');
        if (!curl_setopt_array($handle, $this->settings($request))) {
            $tls = curl_version()['ssl_version'] ?? 'unknown';
            throw ExchangeException::configuration("this PHP's curl (TLS by {$tls}) does not take all settings: use one that is built with OpenSSL, or give a PSR-18 client by the option `transport`");
        }
        $transfer = new Transfer($handle, $request);
        $this->loop->perform($transfer);
        if ($transfer->failure !== null) {
            throw $transfer->failure;
        }
        if ($transfer->result !== CURLE_OK) {
            $connected = curl_getinfo($handle, CURLINFO_APPCONNECT_TIME) > 0.0;
            $timeout = $connected ? $request->timeout : min($request->timeout, $this->options->connectTimeout);
            throw CurlFailure::exception($transfer->result, curl_error($handle), $request->origin, $timeout, $this->options->proxy);
        }
        rewind($transfer->answer);
        return new Response($transfer->status, $transfer->fields, $transfer->answer);
    }

    public function pause(float $seconds): void
    {
        $this->loop->pause($seconds);
    }

    public function close(): void
    {
        $this->loop->close();
    }

    /** @return array<int, mixed> */
    private function settings(Request $request): array
    {
        $lines = ['Expect:'];
        foreach ($request->fields as $name => $value) {
            $lines[] = "{$name}: {$value}";
        }
        $settings = [
            CURLOPT_HTTPHEADER => $lines,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTPS,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,
            // Empty: no proxy, whatever the environment says.
            CURLOPT_PROXY => $this->options->proxy ?? '',
            CURLOPT_NOSIGNAL => true,
            CURLOPT_TCP_KEEPALIVE => 1,
            CURLOPT_CONNECTTIMEOUT_MS => (int) ceil(min($this->options->connectTimeout, $request->timeout) * 1000),
            CURLOPT_TIMEOUT_MS => (int) ceil($request->timeout * 1000),
            CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_2 | match ($this->options->tlsMax) {
                '1.2' => CURL_SSLVERSION_MAX_TLSv1_2,
                '1.3' => CURL_SSLVERSION_MAX_TLSv1_3,
                default => CURL_SSLVERSION_MAX_DEFAULT,
            },
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
        ];
        if ($this->options->compression) {
            $settings[CURLOPT_ACCEPT_ENCODING] = 'gzip';
        }
        if (defined('CURLOPT_MAXAGE_CONN')) {
            $settings[constant('CURLOPT_MAXAGE_CONN')] = Bounds::CONNECTION_IDLE;
        }
        return $settings + $this->authority() + $this->identity();
    }

    /** @return array<int, mixed> */
    private function authority(): array
    {
        if (defined('CURLOPT_CAINFO_BLOB')) {
            return [constant('CURLOPT_CAINFO_BLOB') => $this->authorityPem];
        }
        if ($this->authorityFile === null) {
            $file = tmpfile();
            if ($file === false) {
                throw ExchangeException::configuration('no temporary file can be made in `' . sys_get_temp_dir() . '`');
            }
            fwrite($file, $this->authorityPem);
            fflush($file);
            $this->authorityFile = $file;
        }
        return [CURLOPT_CAINFO => stream_get_meta_data($this->authorityFile)['uri']];
    }

    /** @return array<int, mixed> */
    private function identity(): array
    {
        if ($this->credentials === null) {
            return [];
        }
        if ($this->credentials->keyStore !== null) {
            return [
                CURLOPT_SSLCERT_BLOB => $this->credentials->keyStore,
                CURLOPT_SSLCERTTYPE => 'P12',
                CURLOPT_KEYPASSWD => $this->credentials->password ?? '',
            ];
        }
        return [
            CURLOPT_SSLCERT_BLOB => $this->credentials->chainPem,
            CURLOPT_SSLCERTTYPE => 'PEM',
            CURLOPT_SSLKEY_BLOB => $this->credentials->keyPem,
        ];
    }
}
