/* Stands between a program and the C library, and shows it a wall clock that is wrong by the seconds that stand in a file.
 *
 *   TDAM_CLOCK_FILE   text: seconds, with a sign; the file is read at every look at the clock, so that the clock can jump
 *
 * Clocks that count from the machine's start stay right. Nothing here allocates memory or looks a symbol up: the program's own
 * allocator looks at the clock before it can give any. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long wrong_by(void) {
    const char *file = getenv("TDAM_CLOCK_FILE");
    char text[32];
    if (!file) return 0;
    int in = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC);
    if (in < 0) return 0;
    long size = syscall(SYS_read, in, text, sizeof text - 1);
    syscall(SYS_close, in);
    if (size <= 0) return 0;
    text[size] = 0;
    return atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int failed = (int)syscall(SYS_clock_gettime, clock, time);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += wrong_by();
    return failed;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    int failed = (int)syscall(SYS_gettimeofday, time, zone);
    if (!failed) time->tv_sec += wrong_by();
    return failed;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
