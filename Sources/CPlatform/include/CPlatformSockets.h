#ifndef FORMA3D_CPLATFORM_SOCKETS_H
#define FORMA3D_CPLATFORM_SOCKETS_H

// epoll, accept4 and friends: what Glibc's overlay hides from Swift (macros, packed structs, _GNU_SOURCE).
// Every function answers -errno on failure and restarts after EINTR where that is right.

#include <stddef.h>
#include <stdint.h>

// Interest and readiness, independent of the kernel's numbers.
#define FORMA3D_READABLE 1u
#define FORMA3D_WRITABLE 2u
// The peer has finished sending (FIN). Delivered only when asked for.
#define FORMA3D_PEER_FINISHED 4u
// Broken or fully closed; always delivered.
#define FORMA3D_BROKEN 8u

// Room for an IPv6 address with its zone, and the terminator.
#define FORMA3D_ADDRESS_BYTES 64

struct forma3d_event {
    uint64_t key;
    uint32_t readiness;
};

int forma3d_epoll_create(void);
int forma3d_epoll_add(int epoll, int descriptor, uint32_t interest, uint64_t key);
int forma3d_epoll_change(int epoll, int descriptor, uint32_t interest, uint64_t key);
int forma3d_epoll_remove(int epoll, int descriptor);
// Waits for at most `timeout_nanoseconds` (negative: for ever). An interrupted wait answers 0.
int forma3d_epoll_wait(int epoll, struct forma3d_event *events, int count_maximum, int64_t timeout_nanoseconds);

int forma3d_eventfd_create(void);
void forma3d_eventfd_signal(int descriptor);
void forma3d_eventfd_clear(int descriptor);

// A listening TCP socket on a numeric address, non-blocking and closed on exec. `bound_port` tells the port chosen for 0.
int forma3d_listen(const char *address, uint16_t port, int backlog, uint16_t *bound_port);
// A listening unix socket with that file mode. A socket file left over by a dead process is replaced.
int forma3d_listen_unix(const char *path, int backlog, uint32_t mode);
void forma3d_unlink(const char *path);
// A descriptor to give up when there are no others (EMFILE): on /dev/null.
int forma3d_open_reserve(void);
// The next connection: non-blocking, closed on exec, TCP_NODELAY set; its peer's numeric address in `address`.
int forma3d_accept(int listener, char address[FORMA3D_ADDRESS_BYTES]);

// recv and send that never raise SIGPIPE.
intptr_t forma3d_receive(int descriptor, void *buffer, size_t capacity);
intptr_t forma3d_send(int descriptor, const void *bytes, size_t count);
// Two pieces in one call; either may be empty.
intptr_t forma3d_send_two(
    int descriptor, const void *first, size_t first_count, const void *second, size_t second_count);
int forma3d_shutdown_write(int descriptor);
// Makes the following close send RST: what was promised and not delivered must not look complete.
void forma3d_reset_on_close(int descriptor);
int forma3d_close(int descriptor);

int64_t forma3d_monotonic_nanoseconds(void);
int64_t forma3d_unix_seconds(void);

// A named thread (15 bytes count). Joinable; the answer is 0 or -errno.
int forma3d_thread_start(const char *name, void (*body)(void *), void *context, uint64_t *thread);
void forma3d_thread_join(uint64_t thread);

// A counting semaphore for plain threads.
struct forma3d_semaphore;
struct forma3d_semaphore *forma3d_semaphore_create(void);
void forma3d_semaphore_destroy(struct forma3d_semaphore *semaphore);
void forma3d_semaphore_post(struct forma3d_semaphore *semaphore);
void forma3d_semaphore_wait(struct forma3d_semaphore *semaphore);

// One pointer per thread: which event loop runs on it.
void *forma3d_current_loop(void);
void forma3d_set_current_loop(void *loop);

#endif
