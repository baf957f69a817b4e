/* Stands between a program and the C library, and lets one call that writes to a file below one folder fail.
 *
 *   TDAM_SHIM_FOLDER   only files below this folder count
 *   TDAM_SHIM_CALLS    which calls count: letters of s (fsync, fdatasync), w (write, pwrite), t (ftruncate)
 *   TDAM_SHIM_NUMBER   the call that fails, counted from 1
 *   TDAM_SHIM_ERRNO    what it fails with
 *   TDAM_SHIM_SHORT    not empty: a write that fails has written half of its bytes before
 *   TDAM_SHIM_LOG      gets a line when it happens
 *
 * A failed fsync has thrown the dirty pages away on some systems; here they stay, so what the program must not do is only
 * to believe that they are safe. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long counted;

/* Whether this call is the one. */
static int fails(char call, const char *name, int fd) {
    static const char *folder, *calls, *log;
    static long number, error;
    if (!folder) {
        const char *text = getenv("TDAM_SHIM_NUMBER");
        number = text ? atol(text) : 0;
        text = getenv("TDAM_SHIM_ERRNO");
        error = text ? atol(text) : EIO;
        calls = getenv("TDAM_SHIM_CALLS");
        log = getenv("TDAM_SHIM_LOG");
        text = getenv("TDAM_SHIM_FOLDER");
        folder = text ? text : "";
    }
    if (!*folder || !calls || !strchr(calls, call)) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    size_t prefix = strlen(folder);
    if (strncmp(path, folder, prefix) != 0 || path[prefix] != '/') return 0;
    long place = atomic_fetch_add(&counted, 1) + 1;
    if (place != number) return 0;
    if (log) {
        int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        char line[4400];
        int size = snprintf(line, sizeof line, "%s %s\n", name, path + prefix + 1);
        if (out >= 0) {
            syscall(SYS_write, out, line, (size_t)size);
            close(out);
        }
    }
    errno = (int)error;
    return 1;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static size_t half(size_t size) {
    const char *text = getenv("TDAM_SHIM_SHORT");
    return text && *text ? size / 2 : 0;
}

int fsync(int fd) {
    REAL(fsync);
    return fails('s', "fsync", fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    return fails('s', "fdatasync", fd) ? -1 : real(fd);
}

int ftruncate(int fd, off_t size) {
    REAL(ftruncate);
    return fails('t', "ftruncate", fd) ? -1 : real(fd, size);
}

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    return fails('t', "ftruncate", fd) ? -1 : real(fd, size);
}

ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(write);
    if (!fails('w', "write", fd)) return real(fd, bytes, size);
    int error = errno;
    if (half(size)) real(fd, bytes, half(size));
    errno = error;
    return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    REAL(pwrite);
    if (!fails('w', "pwrite", fd)) return real(fd, bytes, size, at);
    int error = errno;
    if (half(size)) real(fd, bytes, half(size), at);
    errno = error;
    return -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    REAL(pwrite64);
    if (!fails('w', "pwrite", fd)) return real(fd, bytes, size, at);
    int error = errno;
    if (half(size)) real(fd, bytes, half(size), at);
    errno = error;
    return -1;
}
