<?php

declare(strict_types=1);

namespace Tdam\Client\Transport;

/**
 * An answer: status, fields and the whole body as a stream that can be rewound.
 *
 * ```php
 * return new Response(200, ['content-type' => 'application/json'], $stream);
 * ```
 */
final class Response
{
    /**
     * @param array<string, string> $fields Names in lower case; several fields of one name are joined by `, `.
     * @param resource $body Stands at its beginning.
     */
    public function __construct(public readonly int $status, public readonly array $fields, public readonly mixed $body)
    {
    }

    /** A field's value, by its name in lower case. */
    public function field(string $name): ?string
    {
        return $this->fields[$name] ?? null;
    }
}
