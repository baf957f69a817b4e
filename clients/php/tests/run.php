<?php

declare(strict_types=1);

/**
 * Runs the tests of the library's parts that need no exchange: `php tests/run.php [PART OF A NAME]`.
 * Each file below `unit` returns an array of test name and test.
 */

ini_set('display_errors', 'stderr');
require __DIR__ . '/../autoload.php';
require __DIR__ . '/expect.php';

set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    if ((error_reporting() & $level) === 0) {
        return false;
    }
    throw new ErrorException($message, 0, $level, $file, $line);
});

$filter = $argv[1] ?? '';
$run = $failed = 0;
foreach (glob(__DIR__ . '/unit/*.php') ?: [] as $file) {
    foreach (require $file as $name => $test) {
        if ($filter !== '' && !str_contains($name, $filter)) {
            continue;
        }
        $run++;
        try {
            $test();
        } catch (Throwable $failure) {
            $failed++;
            $where = $failure instanceof Unexpected ? $failure->getTrace()[0]['line'] ?? 0 : "{$failure->getFile()}:{$failure->getLine()}";
            fwrite(STDERR, basename($file) . " ({$where}): {$name}\n  " . str_replace("\n", "\n  ", $failure->getMessage()) . "\n");
        }
    }
}
echo "{$run} tests, {$failed} failed\n";
exit($run === 0 || $failed > 0 ? 1 : 0);
