<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Transport\Response;

/**
 * The final answer to a submission: a pain.002. The same bytes always get the same answer.
 *
 * ```php
 * $answer = $client->submitAndWait(Body::file('payments.xml'));
 * $answer->saveTo('answer.xml');
 * echo $answer->groupStatus(), $answer->isRepeated ? ' (answered before)' : '', "\n";
 * ```
 */
final class Answer extends StatusReport
{
    /** Whether these bytes were answered before and this is that answer again. */
    public readonly bool $isRepeated;

    /** @internal */
    public static function of(Response $response): static
    {
        $answer = parent::of($response);
        $answer->isRepeated = $response->field('x-answer-repeated') === 'true';
        return $answer;
    }
}
