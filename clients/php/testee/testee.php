<?php

declare(strict_types=1);

/**
 * The testee of the PHP library (conformance/PROTOCOL.md). It gives each client a process of its own, so that steps of different clients
 * run beside each other; this one only passes lines on.
 */

ini_set('display_errors', 'stderr');
require __DIR__ . '/../autoload.php';
require __DIR__ . '/Workers.php';

exit((new Workers(STDIN, STDOUT))->run());
