<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

/**
 * Tells the user's hook what the library does. No key, password, code or message content is ever among it.
 *
 * @internal
 */
final class Log
{
    /** @param (\Closure(string, string, array<string, mixed>): void)|null $hook */
    public function __construct(private readonly ?\Closure $hook)
    {
    }

    /** @param array<string, mixed> $context */
    public function debug(string $message, array $context = []): void
    {
        $this->tell('debug', $message, $context);
    }

    /** @param array<string, mixed> $context */
    public function info(string $message, array $context = []): void
    {
        $this->tell('info', $message, $context);
    }

    /** @param array<string, mixed> $context */
    public function warning(string $message, array $context = []): void
    {
        $this->tell('warning', $message, $context);
    }

    /** @param array<string, mixed> $context */
    private function tell(string $level, string $message, array $context): void
    {
        if ($this->hook === null) {
            return;
        }
        try {
            ($this->hook)($level, $message, $context);
        } catch (\Exception) {
            // A log that fails, perhaps because its disk is full, costs no answer.
        }
    }
}
