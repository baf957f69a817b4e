<?php

declare(strict_types=1);

const LINES_MAX = 400;

/** @return list<string> */
$files = static function (string $folder): array {
    $found = [];
    foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS)) as $file) {
        if ($file->getExtension() === 'php') {
            $found[] = $file->getPathname();
        }
    }
    sort($found);
    return $found;
};

return [
    'files are short and strict' => static function () use ($files): void {
        foreach ($files(dirname(__DIR__, 2)) as $file) {
            $text = (string) file_get_contents($file);
            same([$file, true], [$file, substr_count($text, "\n") <= LINES_MAX]);
            same([$file, true], [$file, str_contains($text, "\ndeclare(strict_types=1);\n")]);
        }
    },
    'every public class has an example, and every public method a text' => static function () use ($files): void {
        $source = dirname(__DIR__, 2) . '/src';
        foreach ($files($source) as $file) {
            $name = 'Tdam\\Client\\' . str_replace('/', '\\', substr($file, strlen($source) + 1, -4));
            $class = new ReflectionClass($name);
            $doc = (string) $class->getDocComment();
            if (str_contains($doc, '@internal')) {
                continue;
            }
            same([$name, true], [$name, str_contains($doc, '```php')]);
            foreach ($class->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
                $isOwn = $method->getFileName() === $file && !$method->isConstructor() && !$class->isEnum();
                $isInherited = $class->implementsInterface(Tdam\Client\Transport\Transport::class) && !$class->isInterface();
                if ($isOwn && !$isInherited) {
                    same(["{$name}::{$method->name}", true], ["{$name}::{$method->name}", $method->getDocComment() !== false]);
                }
            }
        }
    },
    'the version stands once' => static function (): void {
        $composer = json_decode((string) file_get_contents(dirname(__DIR__, 2) . '/composer.json'), true);
        same(false, isset($composer['version']));
        same(['Tdam\\Client\\' => 'src/'], $composer['autoload']['psr-4']);
    },
];
