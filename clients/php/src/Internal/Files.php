<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\ExchangeException;

/**
 * Files of settings and keys: read whole, written so that nobody else reads them and no half file is ever seen.
 *
 * @internal
 */
final class Files
{
    /** No certificate, key or key store is larger. */
    private const SETTING_BYTES_MAX = 1 << 20;

    /** The content of a file; `$what` names it in an error. */
    public static function read(string $path, string $what): string
    {
        if (!is_file($path)) {
            throw ExchangeException::configuration("{$what} `{$path}` does not exist or is no file: check the path");
        }
        $content = @file_get_contents($path, length: self::SETTING_BYTES_MAX);
        if ($content === false) {
            $user = function_exists('posix_geteuid') ? (posix_getpwuid(posix_geteuid())['name'] ?? 'the program') : 'the program';
            throw ExchangeException::configuration("{$what} `{$path}` cannot be read: let the user that runs PHP ({$user}) read it");
        }
        return $content;
    }

    /** Writes a new file of mode 0600 and makes it durable. */
    public static function writeSecret(string $path, #[\SensitiveParameter] string $content): void
    {
        $mask = umask(0077);
        try {
            $file = @fopen($path, 'xb');
            if ($file === false) {
                $reason = error_get_last()['message'] ?? '';
                throw ExchangeException::configuration("`{$path}` cannot be written ({$reason}): let the user that runs PHP write to the folder");
            }
            $whole = fwrite($file, $content) === strlen($content) && fflush($file) && fsync($file);
            fclose($file);
            if (!$whole) {
                unlink($path);
                throw ExchangeException::configuration("`{$path}` cannot be written as a whole: is the disk full?");
            }
        } finally {
            umask($mask);
        }
    }

    /** Puts one file in the place of another in one step. */
    public static function replace(string $from, string $to): void
    {
        if (!@rename($from, $to)) {
            $reason = error_get_last()['message'] ?? '';
            throw ExchangeException::configuration("`{$from}` cannot be renamed to `{$to}` ({$reason}): do it by hand");
        }
    }
}
