/* Stands between a program and the C library, and lets one call that writes to a file below one folder fail, or ends the
 * process at one call.
 *
 *   TDAM_SHIM_FOLDER   only files below this folder count
 *   TDAM_SHIM_CALLS    which calls count: letters of s (fsync, fdatasync), w (write, pwrite), t (ftruncate); of d (bytes to the
 *                      database server), r (bytes from it), a (bytes to any other process: answers)
 *   TDAM_SHIM_NUMBER   the call that fails, counted from 1
 *   TDAM_SHIM_ERRNO    what it fails with
 *   TDAM_SHIM_SHORT    not empty: a write that fails has written half of its bytes before
 *   TDAM_SHIM_KILL     "before" or "after": the process gets SIGKILL before or after the call, which does not fail
 *   TDAM_SHIM_DATABASE the database server's TCP port
 *   TDAM_SHIM_ARMED    if set, calls count from the moment when this file exists
 *   TDAM_SHIM_LOG      gets a line when it happens
 *
 * A failed fsync has thrown the dirty pages away on some systems; here they stay, so what the program must not do is only
 * to believe that they are safe. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long counted;

static const char *setting(const char *name) {
    const char *text = getenv(name);
    return text ? text : "";
}

/* Whether calls count yet. */
static int is_armed(void) {
    static atomic_int armed;
    if (atomic_load(&armed)) return 1;
    const char *file = setting("TDAM_SHIM_ARMED");
    if (*file && syscall(SYS_access, file, F_OK) != 0) return 0;
    atomic_store(&armed, 1);
    return 1;
}

/* Whether this call is the one; says so in the log. */
static int is_the_one(const char *name, const char *what) {
    static atomic_long number;
    if (!is_armed()) return 0;
    if (!atomic_load(&number)) atomic_store(&number, atol(setting("TDAM_SHIM_NUMBER")));
    if (atomic_fetch_add(&counted, 1) + 1 != atomic_load(&number)) return 0;
    const char *log = setting("TDAM_SHIM_LOG");
    if (*log) {
        int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        char line[4400];
        int size = snprintf(line, sizeof line, "%s %s\n", name, what);
        if (out >= 0) {
            syscall(SYS_write, out, line, (size_t)size);
            close(out);
        }
    }
    return 1;
}

static void end_now(void) {
    syscall(SYS_kill, (pid_t)syscall(SYS_getpid), SIGKILL);
    for (;;) pause();
}

/* What is to happen at the one call. */
enum { NOTHING, FAIL, END_AFTER };

static int happens(const char *name, const char *what) {
    if (!is_the_one(name, what)) return NOTHING;
    const char *kill = setting("TDAM_SHIM_KILL");
    if (!*kill) {
        const char *error = setting("TDAM_SHIM_ERRNO");
        errno = *error ? atoi(error) : EIO;
        return FAIL;
    }
    if (!strcmp(kill, "before")) end_now();
    return END_AFTER;
}

/* The same for a call on a file below the folder. */
static int at_file(char call, const char *name, int fd) {
    const char *folder = setting("TDAM_SHIM_FOLDER");
    if (!*folder || !strchr(setting("TDAM_SHIM_CALLS"), call)) return NOTHING;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return NOTHING;
    path[length] = 0;
    size_t prefix = strlen(folder);
    if (strncmp(path, folder, prefix) != 0 || path[prefix] != '/') return NOTHING;
    return happens(name, path + prefix + 1);
}

/* The same for a call on a connection; `out`: bytes leave. */
static int at_connection(int out, const char *name, int fd) {
    const char *calls = setting("TDAM_SHIM_CALLS");
    if (!strpbrk(calls, "dra")) return NOTHING;
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    if (getpeername(fd, (struct sockaddr *)&peer, &length) != 0) return NOTHING;
    int port = 0;
    if (peer.ss_family == AF_INET) port = ntohs(((struct sockaddr_in *)&peer)->sin_port);
    else if (peer.ss_family == AF_INET6) port = ntohs(((struct sockaddr_in6 *)&peer)->sin6_port);
    else return NOTHING;
    int is_database = port == atoi(setting("TDAM_SHIM_DATABASE"));
    char call = is_database ? (out ? 'd' : 'r') : (out ? 'a' : 0);
    if (!call || !strchr(calls, call)) return NOTHING;
    return happens(name, call == 'a' ? "an answer" : call == 'd' ? "to the database" : "from the database");
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static size_t half(size_t size) {
    return *setting("TDAM_SHIM_SHORT") ? size / 2 : 0;
}

/* A call that fails, happens, or is the last. */
#define DO(happening, call) \
    int now = (happening); \
    if (now == FAIL) return -1; \
    __typeof__(call) result = (call); \
    if (now == END_AFTER) end_now(); \
    return result

/* The same; half of the bytes may be written before it fails. */
#define DO_WRITE(happening, call, part) \
    int now = (happening); \
    if (now == FAIL) { \
        int error = errno; \
        if (half(size)) part; \
        errno = error; \
        return -1; \
    } \
    ssize_t result = (call); \
    if (now == END_AFTER) end_now(); \
    return result

int fsync(int fd) {
    REAL(fsync);
    DO(at_file('s', "fsync", fd), real(fd));
}

int fdatasync(int fd) {
    REAL(fdatasync);
    DO(at_file('s', "fdatasync", fd), real(fd));
}

int ftruncate(int fd, off_t size) {
    REAL(ftruncate);
    DO(at_file('t', "ftruncate", fd), real(fd, size));
}

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    DO(at_file('t', "ftruncate", fd), real(fd, size));
}

ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(write);
    DO_WRITE(at_file('w', "write", fd), real(fd, bytes, size), real(fd, bytes, half(size)));
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    REAL(pwrite);
    DO_WRITE(at_file('w', "pwrite", fd), real(fd, bytes, size, at), real(fd, bytes, half(size), at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    REAL(pwrite64);
    DO_WRITE(at_file('w', "pwrite", fd), real(fd, bytes, size, at), real(fd, bytes, half(size), at));
}

ssize_t send(int fd, const void *bytes, size_t size, int flags) {
    REAL(send);
    DO(at_connection(1, "send", fd), real(fd, bytes, size, flags));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    REAL(sendmsg);
    DO(at_connection(1, "sendmsg", fd), real(fd, message, flags));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    DO(at_connection(1, "writev", fd), real(fd, parts, count));
}

/* Counts when bytes have come; then there is no before. */
ssize_t recv(int fd, void *bytes, size_t size, int flags) {
    REAL(recv);
    ssize_t result = real(fd, bytes, size, flags);
    int error = errno;
    if (result > 0 && at_connection(0, "recv", fd) == END_AFTER) end_now();
    errno = error;
    return result;
}
