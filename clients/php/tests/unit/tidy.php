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
    'both guides name every call, every kind of error and every option' => static function (): void {
        $names = array_map(static fn (ReflectionMethod $m): string => "`{$m->name}(", array_filter((new ReflectionClass(Tdam\Client\Client::class))->getMethods(ReflectionMethod::IS_PUBLIC), static fn (ReflectionMethod $m): bool => !$m->isConstructor()));
        array_push($names, ...array_map(static fn (Tdam\Client\ErrorKind $kind): string => "`{$kind->name}`", Tdam\Client\ErrorKind::cases()));
        foreach ((new ReflectionMethod(Tdam\Client\Options::class, '__construct'))->getParameters() as $option) {
            $names[] = "`{$option->name}`|{$option->name}:";
        }
        foreach (['README.md', 'README.lv.md'] as $page) {
            $text = (string) file_get_contents(dirname(__DIR__, 2) . "/{$page}");
            $missing = array_filter($names, static fn (string $name): bool => !array_filter(explode('|', $name), static fn (string $form): bool => str_contains($text, $form)));
            same([$page, []], [$page, array_values($missing)]);
        }
    },
    'links of the guides lead somewhere' => static function (): void {
        foreach (['README.md', 'README.lv.md'] as $page) {
            $text = (string) preg_replace('/^```.*?^```/ms', '', (string) file_get_contents(dirname(__DIR__, 2) . "/{$page}"));
            preg_match_all('/^#+ (.*)$/m', $text, $headings);
            $places = array_map(static fn (string $title): string => str_replace(' ', '-', (string) preg_replace('/[^\p{L}\p{N} _-]/u', '', mb_strtolower($title))), $headings[1]);
            preg_match_all('/\]\(([^)#]*)(?:#([^)]*))?\)/', $text, $links, PREG_SET_ORDER);
            same(true, count($links) > 5);
            foreach ($links as $link) {
                same([$link[0], true], [$link[0], $link[1] === '' ? in_array($link[2] ?? '', $places, true) : file_exists(dirname(__DIR__, 2) . "/{$link[1]}")]);
            }
        }
    },
    'the version stands once' => static function (): void {
        $composer = json_decode((string) file_get_contents(dirname(__DIR__, 2) . '/composer.json'), true);
        same(false, isset($composer['version']));
        same(['Tdam\\Client\\' => 'src/'], $composer['autoload']['psr-4']);
    },
];
