<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\ExchangeException;

/**
 * The address of one exchange; what the exchange names must lie at it.
 *
 * @internal
 */
final class Address
{
    private function __construct(
        /** `https://host:port`, without the port if it is 443 */
        public readonly string $origin,
        /** Host and port as the `Host` field has them. */
        public readonly string $authority,
    ) {
    }

    public static function of(string $url): self
    {
        $parts = preg_match('/[\x00-\x20\x7f]/', $url) === 1 ? false : parse_url($url);
        $host = strtolower($parts === false ? '' : $parts['host'] ?? '');
        if ($parts === false || $host === '') {
            throw ExchangeException::configuration('`' . addcslashes($url, "\0..\37\177") . '` is no address: give `https://host:port`');
        }
        if (strtolower($parts['scheme'] ?? '') !== 'https') {
            throw ExchangeException::configuration("`{$url}` is not safe: the exchange is reached by `https://` only");
        }
        if (array_diff_key($parts, ['scheme' => 1, 'host' => 1, 'port' => 1, 'path' => 1]) !== [] || !in_array($parts['path'] ?? '/', ['/', ''], true)) {
            throw ExchangeException::configuration('the address holds more than host and port: give `https://host:port`');
        }
        if (preg_match('/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/D', $host) !== 1) {
            throw ExchangeException::configuration("`{$host}` is no host name: write names with other letters in their ASCII form (`xn--…`)");
        }
        $port = $parts['port'] ?? 443;
        $authority = $port === 443 ? $host : "{$host}:{$port}";
        return new self("https://{$authority}", $authority);
    }

    /** A path, or an address that the exchange gave, as a path of this exchange. */
    public function path(string $target): string
    {
        if (str_starts_with(strtolower($target), 'https://')) {
            $rest = preg_match('~^https://([^/?#]*)(.*)$~is', $target, $found) === 1 ? $found : ['', '', ''];
            $authority = preg_replace('/:443$/', '', strtolower($rest[1]));
            if ($authority !== $this->authority) {
                throw ExchangeException::unexpected("the exchange names an address elsewhere: `{$target}`");
            }
            $target = $rest[2];
        }
        if (!str_starts_with($target, '/') || str_starts_with($target, '//') || preg_match('/[\x00-\x20\x7f-\xff#\\\\]/', $target) === 1) {
            throw ExchangeException::unexpected('the exchange names an address that is none: `' . addcslashes($target, "\0..\37\177..\377") . '`');
        }
        return $target;
    }
}
