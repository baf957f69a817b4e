<?php

declare(strict_types=1);

use Tdam\Client\Identity;
use Tdam\Client\RequestSigner;

/** Puts r and s back into DER, as openssl_verify wants it. */
$der = static function (string $fixed): string {
    $integer = static function (string $number): string {
        $number = ltrim($number, "\0");
        $number = (ord($number[0]) & 0x80) !== 0 ? "\0{$number}" : $number;
        return "\x02" . chr(strlen($number)) . $number;
    };
    $numbers = $integer(substr($fixed, 0, intdiv(strlen($fixed), 2))) . $integer(substr($fixed, intdiv(strlen($fixed), 2)));
    return "\x30" . (strlen($numbers) > 127 ? "\x81" : '') . chr(strlen($numbers)) . $numbers;
};
$kinds = [
    'ecdsa-p256-sha256' => [['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1'], OPENSSL_ALGO_SHA256, 64],
    'ecdsa-p384-sha384' => [['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'secp384r1'], OPENSSL_ALGO_SHA384, 96],
    'rsa-v1_5-sha256' => [['private_key_type' => OPENSSL_KEYTYPE_RSA, 'private_key_bits' => 2048], OPENSSL_ALGO_SHA256, 256],
];

return [
    'each kind of key signs the base of RFC 9421 in the form that the profile wants' => static function () use ($kinds, $der): void {
        foreach ($kinds as $algorithm => [$settings, $digest, $bytes]) {
            [$certificate, $key] = pair($settings);
            $signer = RequestSigner::of(Identity::pem($certificate, $key));
            // Numbers with leading zeros are rare: often enough to meet them.
            for ($round = 0; $round < ($bytes === 256 ? 2 : 300); $round++) {
                $fields = $signer->sign('POST', 'Exchange.Example:8443', '/v1/payments?mode=test', hash('sha256', "body {$round}", true), 1795000000);
                same(1, preg_match('/^sig1=(\(.*)$/', $fields['Signature-Input'], $input));
                same(1, preg_match('/^sig1=:([A-Za-z0-9+\/=]+):$/', $fields['Signature'], $found));
                $base = "\"@method\": POST\n\"@authority\": exchange.example:8443\n\"@target-uri\": https://exchange.example:8443/v1/payments?mode=test\n"
                    . "\"content-digest\": {$fields['Content-Digest']}\n\"@signature-params\": {$input[1]}";
                $signature = base64_decode($found[1]);
                same($bytes, strlen($signature));
                same(1, openssl_verify($base, $bytes === 256 ? $signature : $der($signature), $certificate, $digest));
            }
            holds("alg=\"{$algorithm}\"", $input[1]);
            holds('keyid="' . openssl_x509_fingerprint($certificate, 'sha256') . '"', $input[1]);
            holds('created=1795000000', $input[1]);
        }
    },
    'the digest is the field of RFC 9530' => static function (): void {
        [$certificate, $key] = pair();
        $fields = RequestSigner::of(Identity::pem($certificate, $key))->sign('POST', 'h', '/', hash('sha256', '{"hello": "world"}', true));
        same('sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:', $fields['Content-Digest']);
    },
];
