<?php

declare(strict_types=1);

namespace Tdam\Client;

/**
 * Language of texts for people.
 *
 * ```php
 * $overview = $client->statusOverview('MSG-1', Language::Latvian);
 * ```
 */
enum Language: string
{
    case Latvian = 'lv';
    case English = 'en';
}
