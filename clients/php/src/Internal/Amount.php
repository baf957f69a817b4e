<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\ExchangeException;

/**
 * Exact amounts: whole numbers of the smallest part that ISO 20022 writes, a hundred-thousandth. Overflow is an error.
 *
 * @internal
 */
final class Amount
{
    private const FRACTION_DIGITS = 5;

    public static function read(string $decimal, bool $isDebit): int
    {
        if (preg_match('/^(\d{1,13})(?:\.(\d{0,' . self::FRACTION_DIGITS . '}))?$/D', $decimal, $found) !== 1) {
            throw ExchangeException::unexpected("`{$decimal}` is no amount that can be checked");
        }
        $units = (int) ($found[1] . str_pad($found[2] ?? '', self::FRACTION_DIGITS, '0'));
        return $isDebit ? -$units : $units;
    }

    public static function add(int $one, int $other): int
    {
        $sum = $one + $other;
        if (!is_int($sum)) {
            throw ExchangeException::unexpected('the amounts of the report add up to more than can be checked');
        }
        return $sum;
    }

    public static function write(int $units): string
    {
        $digits = str_pad((string) abs($units), self::FRACTION_DIGITS + 1, '0', STR_PAD_LEFT);
        $fraction = rtrim(substr($digits, -self::FRACTION_DIGITS), '0');
        return ($units < 0 ? '-' : '') . substr($digits, 0, -self::FRACTION_DIGITS) . '.' . str_pad($fraction, 2, '0');
    }
}
