/* Makes the writes of a process fail, for the tests of what a project survives.
 *
 * Loaded with LD_PRELOAD. It counts every call that changes a file whose path holds $FAULT_FILE, and at
 * number $FAULT_AT does what $FAULT_KIND says:
 *
 *   kill    half of the write, then SIGKILL
 *   cut     the same, and what was not yet synced is lost in part, as when the power goes: each such
 *           write is undone or not by a coin seeded with $FAULT_SEED
 *   eio     this call, and this one alone, fails with EIO
 *   enospc  this and every later write fails with ENOSPC
 *
 * Without $FAULT_AT it only counts. At exit it writes the count to $FAULT_COUNT, if that is set.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

struct record { /* one write that is not synced */
    char path[PATH_MAX];
    off_t offset;
    size_t length;
    off_t size; /* of the file before */
    size_t had; /* bytes of it that were overwritten */
    char *old;
};

static struct record *journal;
static size_t journal_length, journal_room;
static long calls;
static long fault_at = -1;
static unsigned long coin = 88172645463325252UL;
static const char *kind = "", *file = "";

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off_t), (*real_unlink)(const char *);

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    if (getenv("FAULT_FILE")) file = getenv("FAULT_FILE");
    if (getenv("FAULT_KIND")) kind = getenv("FAULT_KIND");
    if (getenv("FAULT_AT")) fault_at = atol(getenv("FAULT_AT"));
    if (getenv("FAULT_SEED")) coin ^= strtoul(getenv("FAULT_SEED"), NULL, 10) * 2654435761UL;
}

__attribute__((destructor)) static void end(void) {
    const char *count = getenv("FAULT_COUNT");
    if (!count) return;
    FILE *out = fopen(count, "w");
    if (out) {
        fprintf(out, "%ld\n", calls);
        fclose(out);
    }
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return *file && strstr(path, file) != NULL;
}

/* The shared memory of the write-ahead log is rebuilt after a power cut: nobody relies on it. */
static int is_index(const char *path) {
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, "-shm") == 0;
}

static void remember(int fd, const char *path, off_t offset, size_t length) {
    struct stat now;
    if (strcmp(kind, "cut") != 0 || is_index(path) || fstat(fd, &now) != 0) return;
    if (journal_length == journal_room) {
        journal_room = journal_room * 2 + 64;
        journal = realloc(journal, journal_room * sizeof *journal);
    }
    struct record *record = &journal[journal_length++];
    strcpy(record->path, path);
    record->offset = offset;
    record->length = length;
    record->size = now.st_size;
    record->old = malloc(length ? length : 1);
    record->had = 0;
    int reader = open(path, O_RDONLY);
    if (reader >= 0) {
        ssize_t had = pread(reader, record->old, length, offset);
        record->had = had > 0 ? (size_t)had : 0;
        close(reader);
    }
}

static void synced(const char *path) {
    size_t kept = 0;
    for (size_t at = 0; at < journal_length; at++) {
        if (strcmp(journal[at].path, path) == 0) free(journal[at].old);
        else journal[kept++] = journal[at];
    }
    journal_length = kept;
}

static int toss(void) {
    coin ^= coin << 13;
    coin ^= coin >> 7;
    coin ^= coin << 17;
    return (coin >> 33) & 1;
}

static void lose(void) {
    while (journal_length > 0) {
        struct record *record = &journal[--journal_length];
        if (!toss()) continue;
        int fd = open(record->path, O_RDWR);
        if (fd < 0) continue;
        if (record->had) (void)!real_pwrite(fd, record->old, record->had, record->offset);
        off_t end = record->offset + (off_t)record->length;
        off_t kept = record->offset + (off_t)record->had;
        struct stat now;
        if (fstat(fd, &now) == 0) {
            if (now.st_size <= end && record->size < now.st_size) {
                (void)!real_ftruncate(fd, record->size > record->offset ? record->size : record->offset);
            } else if (kept < end) {
                char *zeros = calloc(1, (size_t)(end - kept));
                (void)!real_pwrite(fd, zeros, (size_t)(end - kept), kept);
                free(zeros);
            }
        }
        close(fd);
    }
}

static void die(void) {
    if (strcmp(kind, "cut") == 0) lose();
    raise(SIGKILL);
}

/* 1 if the call is to fail, with errno set. */
static int strike(int writes) {
    calls++;
    if (fault_at < 0 || calls < fault_at) return 0;
    if (strcmp(kind, "enospc") == 0) {
        errno = ENOSPC;
        return writes;
    }
    if (calls > fault_at) return 0;
    if (strcmp(kind, "eio") == 0) {
        errno = EIO;
        return 1;
    }
    return 2;
}

/* A write at an offset, or, if that is negative, where the file stands. */
static ssize_t put(int fd, const void *bytes, size_t length, off_t offset) {
    if (offset >= 0) return real_pwrite(fd, bytes, length, offset);
    return real_write(fd, bytes, length);
}

static ssize_t write_with(int fd, const void *bytes, size_t length, off_t offset) {
    char path[PATH_MAX];
    if (!path_of(fd, path)) return put(fd, bytes, length, offset);
    int fault = strike(1);
    if (fault == 1) return -1;
    if (fault == 2) length /= 2;
    remember(fd, path, offset >= 0 ? offset : lseek(fd, 0, SEEK_CUR), length);
    ssize_t done = put(fd, bytes, length, offset);
    if (fault == 2) die();
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) { return write_with(fd, bytes, length, -1); }

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return write_with(fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
    return write_with(fd, bytes, length, offset);
}

static int sync_with(int (*real)(int), int fd) {
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd);
    int fault = strike(0);
    if (fault == 1) return -1;
    if (fault == 2) die();
    int done = real(fd);
    if (done == 0) synced(path);
    return done;
}

int fsync(int fd) { return sync_with(real_fsync, fd); }

int fdatasync(int fd) { return sync_with(real_fdatasync, fd); }

int ftruncate(int fd, off_t size) {
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real_ftruncate(fd, size);
    int fault = strike(1);
    if (fault == 1) return -1;
    if (fault == 2) die();
    return real_ftruncate(fd, size);
}

int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

int unlink(const char *path) {
    if (!*file || !strstr(path, file)) return real_unlink(path);
    int fault = strike(0);
    if (fault == 1) return -1;
    if (fault == 2) die();
    return real_unlink(path);
}
