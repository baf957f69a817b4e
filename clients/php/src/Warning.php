<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Internal\Bounds;

/**
 * What the exchange will refuse later unless somebody acts: the certificate (`TDAM-1071`) or the registration (`TDAM-1072`) ends.
 *
 * ```php
 * foreach ($client->warnings() as $warning) {
 *     echo "{$warning->code}: {$warning->daysLeft} days left, last day {$warning->ends}\n";
 * }
 * ```
 */
final class Warning
{
    private function __construct(
        public readonly string $code,
        /** Days left; 0 on the last day. */
        public readonly ?int $daysLeft,
        /** The last day (`YYYY-MM-DD`, Europe/Riga). */
        public readonly ?string $ends,
    ) {
    }

    /**
     * The warnings of the header `X-Exchange-Warning`; what is unknown or unreadable is passed over.
     *
     * @return list<self>
     *
     * @internal
     */
    public static function read(string $field): array
    {
        $warnings = [];
        foreach (array_slice(explode(',', $field), 0, Bounds::WARNINGS_MAX) as $item) {
            $parts = array_map(trim(...), explode(';', $item));
            if (preg_match('/^[A-Za-z0-9-]+$/', $parts[0]) !== 1) {
                continue;
            }
            $parameters = [];
            foreach (array_slice($parts, 1) as $parameter) {
                [$name, $value] = explode('=', $parameter, 2) + ['', ''];
                $parameters[$name] = trim($value, '"');
            }
            $days = $parameters['days'] ?? '';
            $ends = $parameters['ends'] ?? '';
            $warnings[] = new self(
                $parts[0],
                preg_match('/^-?\d{1,9}$/', $days) === 1 ? (int) $days : null,
                preg_match('/^\d{4}-\d\d-\d\d$/', $ends) === 1 ? $ends : null,
            );
        }
        return $warnings;
    }
}
