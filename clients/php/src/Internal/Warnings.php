<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\Warning;

/**
 * What the exchange warns of in its answers. The listener hears each warning once, by code and last day: the days left fall daily.
 *
 * @internal
 */
final class Warnings
{
    /** @var list<Warning> of the latest answer */
    private array $latest = [];
    /** @var array<string, true> */
    private array $told = [];

    /** @param (\Closure(Warning): void)|null $listener */
    public function __construct(private readonly ?\Closure $listener, private readonly Log $log)
    {
    }

    public function hear(?string $field): void
    {
        $this->latest = $field === null ? [] : Warning::read($field);
        foreach ($this->latest as $warning) {
            $key = "{$warning->code} {$warning->ends}";
            if (isset($this->told[$key]) || count($this->told) >= Bounds::WARNINGS_MAX) {
                continue;
            }
            $this->told[$key] = true;
            $this->log->warning("the exchange warns: {$warning->code}, last day {$warning->ends}");
            $this->tell($warning);
        }
    }

    /** A listener that fails costs no answer. */
    private function tell(Warning $warning): void
    {
        if ($this->listener === null) {
            return;
        }
        try {
            ($this->listener)($warning);
        } catch (\Exception $failure) {
            $this->log->warning("the listener of warnings failed: {$failure->getMessage()}");
        }
    }

    /** @return list<Warning> */
    public function latest(): array
    {
        return $this->latest;
    }
}
