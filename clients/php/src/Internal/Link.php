<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

/**
 * The field `Link` (RFC 8288), as far as pages need it.
 *
 * @internal
 */
final class Link
{
    private const PARAMETERS = '((?:\s*;\s*[^,;="\s]+(?:\s*=\s*(?:"[^"]*"|[^,;"\s]*))?)*)';

    /** The target of the first link of a relation. */
    public static function target(string $field, string $relation): ?string
    {
        preg_match_all('/<([^>]*)>' . self::PARAMETERS . '/', $field, $links, PREG_SET_ORDER);
        foreach ($links as [, $target, $parameters]) {
            $names = preg_match('/;\s*rel\s*=\s*(?:"([^"]*)"|([^,;"\s]*))/i', $parameters, $found) === 1 ? ($found[2] ?? $found[1]) : '';
            if (in_array($relation, preg_split('/\s+/', strtolower($names)) ?: [], true)) {
                return $target;
            }
        }
        return null;
    }
}
