<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\ExchangeException;

/**
 * What curl's errors mean. curl has one number for several causes, so the words that OpenSSL adds decide.
 *
 * @internal
 */
final class CurlFailure
{
    /** Alerts by which the exchange says that it does not accept our certificate. */
    private const CERTIFICATE_ALERTS = [
        'unknown ca', 'decrypt error', 'certificate expired', 'certificate revoked', 'certificate unknown',
        'bad certificate', 'unsupported certificate', 'access denied',
    ];
    private const CERTIFICATE_MISSING_ALERTS = ['certificate required', 'handshake failure'];

    public static function exception(int $number, string $text, string $origin, float $timeout, ?string $proxy): ExchangeException
    {
        $text = $text !== '' ? $text : (curl_strerror($number) ?? "curl error {$number}");
        return self::ofAlert($text, $origin) ?? match ($number) {
            CURLE_SSL_PEER_CERTIFICATE, CURLE_SSL_CACERT => self::server($text, $origin),
            CURLE_SSL_CONNECT_ERROR => self::handshake($text, $origin),
            CURLE_OPERATION_TIMEOUTED => ExchangeException::timeout('connecting, or making the call', $timeout),
            CURLE_SSL_CERTPROBLEM => ExchangeException::configuration("curl cannot use the certificate or its key ({$text})"),
            CURLE_SSL_CACERT_BADFILE => ExchangeException::configuration("curl cannot read the certificate authority ({$text})"),
            CURLE_SSL_CIPHER => ExchangeException::tls($origin, "no cipher in common ({$text})"),
            CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT => ExchangeException::configuration("curl cannot use the address {$origin} ({$text})"),
            CURLE_COULDNT_RESOLVE_PROXY => ExchangeException::configuration("the host name of the proxy `{$proxy}` is not known: correct the option `proxy`"),
            CURLE_COULDNT_RESOLVE_HOST => ExchangeException::connection($origin, "the host name is not known here ({$text})"),
            CURLE_BAD_CONTENT_ENCODING, self::WEIRD_SERVER_REPLY => ExchangeException::unexpected("{$origin} answers with something that is not understood ({$text}); is it the address of an exchange?"),
            default => ExchangeException::connection($origin, $text),
        };
    }

    private static function ofAlert(string $text, string $origin): ?ExchangeException
    {
        if (!str_contains($text, 'alert')) {
            return null;
        }
        foreach (self::CERTIFICATE_ALERTS as $alert) {
            if (str_contains($text, "alert {$alert}")) {
                $advice = in_array($alert, ['unknown ca', 'decrypt error'], true)
                    ? 'it comes from the authority of another environment; take the one that was issued for this environment'
                    : 'check that it is the online user\'s, that it has not ended and is not revoked';
                return ExchangeException::tls($origin, "the exchange does not accept the client certificate ({$alert}): {$advice}", true);
            }
        }
        foreach (self::CERTIFICATE_MISSING_ALERTS as $alert) {
            if (str_contains($text, "alert {$alert}")) {
                return ExchangeException::tls($origin, "the exchange asks for a client certificate that suits ({$alert}): give the online user's certificate and key", true);
            }
        }
        return ExchangeException::tls($origin, $text);
    }

    private static function server(string $text, string $origin): ExchangeException
    {
        $clock = gmdate('Y-m-d H:i') . ' UTC';
        return ExchangeException::tls($origin, match (true) {
            str_contains($text, 'not yet valid'), str_contains($text, 'has expired') => "the server's certificate is not valid at this machine's time ({$clock}): set the clock right, or tell the operator",
            str_contains($text, 'subject name'), str_contains($text, 'does not match') => "the server's certificate is for another host name: use the address that the certificate names ({$text})",
            default => "the given authority did not sign the server's certificate ({$text}): check the address, and that the authority's file (`ca.pem`) is of this environment",
        });
    }

    private static function handshake(string $text, string $origin): ExchangeException
    {
        foreach (['SSL_ERROR_SYSCALL', 'reset by peer', 'unexpected eof', 'Broken pipe', 'connection closed'] as $lost) {
            if (str_contains($text, $lost)) {
                return ExchangeException::connection($origin, "it was lost during the TLS handshake ({$text})");
            }
        }
        if (str_contains($text, 'wrong version number') || str_contains($text, 'packet length too long')) {
            return ExchangeException::tls($origin, "the port speaks no TLS ({$text}): use the exchange's port for clients");
        }
        return ExchangeException::tls($origin, $text);
    }

    private const WEIRD_SERVER_REPLY = 8;
}
