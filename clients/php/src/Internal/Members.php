<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

/**
 * Members of a JSON object, read tolerantly: an unknown member is passed over, a missing one is empty.
 *
 * @internal
 */
final class Members
{
    /** @param array<array-key, mixed> $members */
    public function __construct(public readonly array $members)
    {
    }

    public function text(string $name): string
    {
        return $this->textOrNull($name) ?? '';
    }

    public function textOrNull(string $name): ?string
    {
        $value = $this->members[$name] ?? null;
        return is_string($value) ? $value : (is_int($value) || is_float($value) ? (string) $value : null);
    }

    public function number(string $name): int
    {
        return $this->numberOrNull($name) ?? 0;
    }

    public function numberOrNull(string $name): ?int
    {
        $value = $this->members[$name] ?? null;
        return is_int($value) ? $value : null;
    }

    public function flag(string $name): bool
    {
        return ($this->members[$name] ?? null) === true;
    }

    public function has(string $name): bool
    {
        return is_array($this->members[$name] ?? null);
    }

    public function object(string $name): self
    {
        $value = $this->members[$name] ?? null;
        return new self(is_array($value) ? $value : []);
    }

    /** @return list<self> */
    public function objects(string $name): array
    {
        $value = $this->members[$name] ?? null;
        $objects = is_array($value) ? array_filter($value, is_array(...)) : [];
        return array_map(static fn (array $members): self => new self($members), array_values($objects));
    }

    /** @return list<string> */
    public function texts(string $name): array
    {
        $value = $this->members[$name] ?? null;
        return is_array($value) ? array_values(array_filter($value, is_string(...))) : [];
    }
}
