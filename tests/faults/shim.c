/* Stands before the C library: counts the system calls on files below a folder, and lets one fail.
 *
 * Armed with arm(); the counter is shared with forked processes. A call that is to fail is not
 * made (close() is: its descriptor is gone all the same). Loaded with LD_PRELOAD; Linux only.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

struct state {
    long seen;          /* calls so far */
    long point;         /* the one that fails; 0: none */
    int error;          /* its errno; 0: a write takes half of its bytes only */
    int from_then_on;   /* whether all later ones fail as well */
    size_t length;      /* of the folder's path */
    char folder[PATH_MAX], struck[PATH_MAX + 64];
};
static struct state *state;

void arm(const char *folder, long point, int error, int from_then_on) {
    if (!state)
        state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(state, 0, sizeof *state);
    strcpy(state->folder, folder);
    state->length = strlen(folder);
    state->error = error;
    state->from_then_on = from_then_on;
    state->point = point;
}

long seen(void) { return state ? state->seen : 0; }
const char *struck(void) { return state ? state->struck : ""; }

static int is_below(const char *path) {
    /* The project's own code is no data of the archive. */
    if (!path || strstr(path, "/generator/") || strstr(path, ".py")) return 0;
    if (path[0] != '/') return 1; /* commands run in the project's folder */
    return !strncmp(path, state->folder, state->length);
}

/* Return -1 where the call fails, 1 where a write is to be short, 0 otherwise. */
static int fails(const char *name, const char *path, int needs_space) {
    if (!state || !state->length || !is_below(path)) return 0;
    /* Each kind of failure counts the calls that it can strike. */
    if (state->error == ENOSPC && !needs_space) return 0;
    if (!state->error && strcmp(name, "write")) return 0;
    long number = __sync_add_and_fetch(&state->seen, 1);
    int again = state->from_then_on && state->point && number > state->point;
    if (number != state->point && !again) return 0;
    if (number == state->point) {
        snprintf(state->struck, sizeof state->struck, "%s %s", name, path);
    }
    if (!state->error) return 1;
    errno = state->error;
    return -1;
}

static const char *path_of(int descriptor, char *buffer) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    int kept = errno;
    ssize_t length = readlink(link, buffer, PATH_MAX - 1);
    errno = kept;
    if (length < 0) return NULL;
    buffer[length] = 0;
    return buffer[0] == '/' && strncmp(buffer, "/dev", 4) ? buffer : NULL;
}

static const char *at(int folder, const char *path, char *buffer) {
    if (!path || path[0] == '/' || folder == AT_FDCWD) return path && path[0] ? path : NULL;
    return path_of(folder, buffer);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define ON_PATH(type, bad, name, path, space, declared, given) \
    type name declared { \
        if (state && fails(#name, path, space) < 0) return bad; \
        return REAL(name) given; \
    }
#define ON_DESCRIPTOR(type, name, descriptor, space, declared, given) \
    type name declared { \
        char buffer[PATH_MAX]; \
        if (state && fails(#name, path_of(descriptor, buffer), space) < 0) return -1; \
        return REAL(name) given; \
    }
#define OPEN(name, path, declared, given) \
    int name declared { \
        char buffer[PATH_MAX]; (void)buffer; \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); \
        } \
        if (state && fails(#name, path, !!(flags & O_CREAT)) < 0) return -1; \
        return REAL(name) given; \
    }

OPEN(open, path, (const char *path, int flags, ...), (path, flags, mode))
OPEN(open64, path, (const char *path, int flags, ...), (path, flags, mode))
OPEN(openat, at(folder, path, buffer), (int folder, const char *path, int flags, ...),
     (folder, path, flags, mode))
OPEN(openat64, at(folder, path, buffer), (int folder, const char *path, int flags, ...),
     (folder, path, flags, mode))

ON_PATH(int, -1, mkdir, path, 1, (const char *path, mode_t mode), (path, mode))
ON_PATH(int, -1, unlink, path, 0, (const char *path), (path))
ON_PATH(int, -1, rmdir, path, 0, (const char *path), (path))
ON_PATH(int, -1, rename, from, 1, (const char *from, const char *to), (from, to))
ON_PATH(int, -1, link, from, 1, (const char *from, const char *to), (from, to))
ON_PATH(int, -1, chmod, path, 0, (const char *path, mode_t mode), (path, mode))
ON_PATH(DIR *, NULL, opendir, path, 0, (const char *path), (path))
ON_PATH(int, -1, stat, path, 0, (const char *path, struct stat *found), (path, found))
ON_PATH(int, -1, lstat, path, 0, (const char *path, struct stat *found), (path, found))
ON_PATH(int, -1, stat64, path, 0, (const char *path, struct stat64 *found), (path, found))
ON_PATH(int, -1, lstat64, path, 0, (const char *path, struct stat64 *found), (path, found))

int unlinkat(int folder, const char *path, int flags) {
    char buffer[PATH_MAX];
    if (state && fails("unlinkat", at(folder, path, buffer), 0) < 0) return -1;
    return REAL(unlinkat)(folder, path, flags);
}
int mkdirat(int folder, const char *path, mode_t mode) {
    char buffer[PATH_MAX];
    if (state && fails("mkdirat", at(folder, path, buffer), 1) < 0) return -1;
    return REAL(mkdirat)(folder, path, mode);
}
int linkat(int from, const char *old, int to, const char *new, int flags) {
    char buffer[PATH_MAX];
    if (state && fails("linkat", at(from, old, buffer), 1) < 0) return -1;
    return REAL(linkat)(from, old, to, new, flags);
}
int utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
    char buffer[PATH_MAX];
    if (state && fails("utimensat", at(folder, path, buffer), 0) < 0) return -1;
    return REAL(utimensat)(folder, path, times, flags);
}

ON_DESCRIPTOR(int, fsync, file, 1, (int file), (file))
ON_DESCRIPTOR(int, ftruncate64, file, 1, (int file, off64_t size), (file, size))
ON_DESCRIPTOR(int, fstat, file, 0, (int file, struct stat *found), (file, found))
ON_DESCRIPTOR(int, fstat64, file, 0, (int file, struct stat64 *found), (file, found))
ON_DESCRIPTOR(ssize_t, read, file, 0, (int file, void *to, size_t size), (file, to, size))
ON_DESCRIPTOR(ssize_t, sendfile64, to, 1, (int to, int from, off64_t *start, size_t size),
              (to, from, start, size))
ON_DESCRIPTOR(int, flock, file, 0, (int file, int what), (file, what))

ssize_t write(int file, const void *data, size_t size) {
    char buffer[PATH_MAX];
    int failed = state ? fails("write", path_of(file, buffer), 1) : 0;
    if (failed < 0) return -1;
    return REAL(write)(file, data, failed && size > 1 ? size / 2 : size);
}

int close(int file) {
    char buffer[PATH_MAX];
    int failed = state ? fails("close", path_of(file, buffer), 0) : 0;
    int error = errno, done = REAL(close)(file);
    if (failed < 0) errno = error;
    return failed < 0 ? -1 : done;
}
