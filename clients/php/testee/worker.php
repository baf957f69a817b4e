<?php

declare(strict_types=1);

/** Does the steps of one client, one after the other. */

ini_set('display_errors', 'stderr');
require __DIR__ . '/../autoload.php';
require __DIR__ . '/Steps.php';

// A warning of PHP in the library is a fault of the library: it must show.
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    if ((error_reporting() & $level) === 0) {
        return false;
    }
    throw new ErrorException($message, 0, $level, $file, $line);
});

$steps = new Steps();
while (($line = fgets(STDIN)) !== false) {
    $step = json_decode($line, true);
    fwrite(STDOUT, json_encode($steps->answer(is_array($step) ? $step : []), JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES) . "\n");
    fflush(STDOUT);
}
