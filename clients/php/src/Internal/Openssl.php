<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

/**
 * What OpenSSL says about its errors, and a configuration that does not depend on the machine's.
 *
 * @internal
 */
final class Openssl
{
    /** @var resource|null */
    private static $configuration = null;

    /** The queue of errors, which is emptied; the first is usually the cause. */
    public static function errors(): string
    {
        $errors = [];
        while (($error = openssl_error_string()) !== false) {
            $errors[] = $error;
        }
        return implode('; ', $errors);
    }

    /** Path of a configuration for keys and requests; without it PHP needs an `openssl.cnf` of the machine. */
    public static function configuration(): string
    {
        if (!is_resource(self::$configuration)) {
            $file = tmpfile();
            if ($file === false) {
                throw \Tdam\Client\ExchangeException::configuration(
                    'no temporary file can be made in `' . sys_get_temp_dir() . '`: let the user that runs PHP write there',
                );
            }
            fwrite($file, "[req]\ndefault_bits=3072\ndistinguished_name=subject\nstring_mask=utf8only\nprompt=no\n[subject]\n");
            fflush($file);
            self::$configuration = $file;
        }
        return stream_get_meta_data(self::$configuration)['uri'];
    }
}
