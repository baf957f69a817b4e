<?php

declare(strict_types=1);

/**
 * What needs a sandbox and stands in no guide: `php tests/sandbox.php URL ENROLMENT-URL`, in the sandbox's folder, with `tdam` on the path.
 */

ini_set('display_errors', 'stderr');
require __DIR__ . '/../autoload.php';
require __DIR__ . '/expect.php';

$filter = $argv[3] ?? '';
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    if ((error_reporting() & $level) === 0) {
        return false;
    }
    throw new ErrorException($message, 0, $level, $file, $line);
});
$tests = require __DIR__ . '/sandbox/tests.php';
$failed = 0;
foreach ($tests($argv[1], $argv[2]) as $name => $test) {
    if ($filter !== '' && !str_contains($name, $filter)) {
        continue;
    }
    try {
        $test();
    } catch (Throwable $failure) {
        $failed++;
        fwrite(STDERR, "{$name}\n  {$failure}\n");
    }
}
echo count($tests($argv[1], $argv[2])) . " tests with a sandbox, {$failed} failed\n";
exit($failed === 0 ? 0 : 1);
