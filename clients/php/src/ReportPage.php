<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Transport\Response;

/**
 * A page of a report: a whole camt.052, camt.053 or camt.054.
 *
 * ```php
 * foreach ($client->reports(Body::file('request.xml')) as $page) {
 *     $page->saveTo("report-{$page->report}-{$page->number}.xml");
 * }
 * ```
 */
final class ReportPage extends Document
{
    /** Which report of those that were asked for, from 1. */
    public readonly int $report;
    /** Which page of the report, from 1. */
    public readonly int $number;
    /** Whether another page of the same report follows. */
    public readonly bool $hasNext;
    /** Whether the library checked that the balances of this page chain. It cannot for a camt.054, which has none, or without `ext-xml`. */
    public readonly bool $areBalancesChecked;

    /** @internal */
    public static function ofReport(Response $response, int $report, int $number, bool $hasNext): self
    {
        $page = self::of($response);
        $page->report = $report;
        $page->number = $number;
        $page->hasNext = $hasNext;
        return $page;
    }

    /** @internal */
    public function checked(bool $areBalancesChecked): self
    {
        $this->areBalancesChecked = $areBalancesChecked;
        return $this;
    }
}
