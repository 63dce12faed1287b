#include "CPlatformSockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_PER_WAIT_MAXIMUM = 256 };

int forma3d_epoll_create(void) {
    int descriptor = epoll_create1(EPOLL_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

static int control(int epoll, int operation, int descriptor, uint32_t interest, uint64_t key) {
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    if (interest & FORMA3D_READABLE) event.events |= EPOLLIN;
    if (interest & FORMA3D_WRITABLE) event.events |= EPOLLOUT;
    if (interest & FORMA3D_PEER_FINISHED) event.events |= EPOLLRDHUP;
    event.data.u64 = key;
    return epoll_ctl(epoll, operation, descriptor, &event) < 0 ? -errno : 0;
}

int forma3d_epoll_add(int epoll, int descriptor, uint32_t interest, uint64_t key) {
    return control(epoll, EPOLL_CTL_ADD, descriptor, interest, key);
}

int forma3d_epoll_change(int epoll, int descriptor, uint32_t interest, uint64_t key) {
    return control(epoll, EPOLL_CTL_MOD, descriptor, interest, key);
}

int forma3d_epoll_remove(int epoll, int descriptor) {
    return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
}

int forma3d_epoll_wait(int epoll, struct forma3d_event *events, int count_maximum, int64_t timeout_nanoseconds) {
    struct epoll_event ready[EVENTS_PER_WAIT_MAXIMUM];
    if (count_maximum > EVENTS_PER_WAIT_MAXIMUM) count_maximum = EVENTS_PER_WAIT_MAXIMUM;
    int timeout_milliseconds = -1;
    if (timeout_nanoseconds >= 0) {
        // Rounded up: waking before a timer is due would spin through an empty turn.
        int64_t milliseconds = (timeout_nanoseconds + 999999) / 1000000;
        timeout_milliseconds = milliseconds > 60000 ? 60000 : (int)milliseconds;
    }
    int count = epoll_wait(epoll, ready, count_maximum, timeout_milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) {
        uint32_t readiness = 0;
        if (ready[index].events & EPOLLIN) readiness |= FORMA3D_READABLE;
        if (ready[index].events & EPOLLOUT) readiness |= FORMA3D_WRITABLE;
        if (ready[index].events & EPOLLRDHUP) readiness |= FORMA3D_PEER_FINISHED;
        if (ready[index].events & (EPOLLERR | EPOLLHUP)) readiness |= FORMA3D_BROKEN;
        events[index].key = ready[index].data.u64;
        events[index].readiness = readiness;
    }
    return count;
}

int forma3d_eventfd_create(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

void forma3d_eventfd_signal(int descriptor) {
    uint64_t one = 1;
    // EAGAIN means that the counter is full, so the loop is being woken already.
    while (write(descriptor, &one, sizeof one) < 0 && errno == EINTR) {}
}

void forma3d_eventfd_clear(int descriptor) {
    uint64_t count;
    while (read(descriptor, &count, sizeof count) < 0 && errno == EINTR) {}
}

static int bind_and_listen(int descriptor, const struct sockaddr *address, socklen_t length, int backlog) {
    int on = 1;
    // A restart must not wait for the TIME_WAIT of the connections before.
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) return -errno;
    if (bind(descriptor, address, length) < 0) return -errno;
    if (listen(descriptor, backlog) < 0) return -errno;
    return 0;
}

int forma3d_listen(const char *address, uint16_t port, int backlog, uint16_t *bound_port) {
    struct sockaddr_storage storage;
    socklen_t length;
    memset(&storage, 0, sizeof storage);
    struct sockaddr_in *four = (struct sockaddr_in *)&storage;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&storage;
    if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        length = sizeof *four;
    } else if (inet_pton(AF_INET6, address, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        length = sizeof *six;
    } else {
        return -EADDRNOTAVAIL;
    }
    int descriptor = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    int failure = bind_and_listen(descriptor, (struct sockaddr *)&storage, length, backlog);
    if (failure == 0 && getsockname(descriptor, (struct sockaddr *)&storage, &length) < 0) failure = -errno;
    if (failure < 0) {
        close(descriptor);
        return failure;
    }
    *bound_port = ntohs(storage.ss_family == AF_INET ? four->sin_port : six->sin6_port);
    return descriptor;
}

int forma3d_listen_unix(const char *path, int backlog, uint32_t mode) {
    struct sockaddr_un address;
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    if (strlen(path) == 0 || strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
    strcpy(address.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    // A socket file that nobody listens on is left over from a process that was killed; anything else is not ours.
    struct stat found;
    if (lstat(path, &found) == 0 && S_ISSOCK(found.st_mode)) {
        int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        int is_dead = probe >= 0 && connect(probe, (struct sockaddr *)&address, sizeof address) < 0
                      && errno == ECONNREFUSED;
        if (probe >= 0) close(probe);
        if (is_dead) unlink(path);
    }
    int failure = 0;
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) failure = -errno;
    if (failure == 0 && chmod(path, (mode_t)mode) < 0) failure = -errno;
    if (failure == 0 && listen(descriptor, backlog) < 0) failure = -errno;
    if (failure < 0) {
        close(descriptor);
        return failure;
    }
    return descriptor;
}

void forma3d_unlink(const char *path) {
    unlink(path);
}

int forma3d_open_reserve(void) {
    int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int forma3d_accept(int listener, char address[FORMA3D_ADDRESS_BYTES]) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    int descriptor;
    do {
        descriptor = accept4(listener, (struct sockaddr *)&storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) return -errno;
    int on = 1;
    // Without it a small answer waits for the delayed ACK of the one before: 44 ms (contracts/http.md, FlyingFox).
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    address[0] = 0;
    if (storage.ss_family == AF_INET) {
        inet_ntop(AF_INET, &((struct sockaddr_in *)&storage)->sin_addr, address, FORMA3D_ADDRESS_BYTES);
    } else if (storage.ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&storage)->sin6_addr, address, FORMA3D_ADDRESS_BYTES);
    }
    return descriptor;
}

intptr_t forma3d_receive(int descriptor, void *buffer, size_t capacity) {
    ssize_t count;
    do {
        count = recv(descriptor, buffer, capacity, 0);
    } while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
}

intptr_t forma3d_send(int descriptor, const void *bytes, size_t count) {
    ssize_t sent;
    do {
        sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

intptr_t forma3d_send_two(
    int descriptor, const void *first, size_t first_count, const void *second, size_t second_count) {
    struct iovec parts[2] = {
        {.iov_base = (void *)first, .iov_len = first_count},
        {.iov_base = (void *)second, .iov_len = second_count},
    };
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    ssize_t sent;
    do {
        // writev() with MSG_NOSIGNAL.
        sent = sendmsg(descriptor, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

int forma3d_shutdown_write(int descriptor) {
    return shutdown(descriptor, SHUT_WR) < 0 ? -errno : 0;
}

void forma3d_reset_on_close(int descriptor) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

int forma3d_close(int descriptor) {
    // Linux releases the descriptor even when close is interrupted: never retried.
    return close(descriptor) < 0 ? -errno : 0;
}

int64_t forma3d_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t forma3d_unix_seconds(void) {
    return (int64_t)time(NULL);
}

struct thread_start {
    char name[16];
    void (*body)(void *);
    void *context;
};

static void *run_thread(void *argument) {
    struct thread_start start = *(struct thread_start *)argument;
    free(argument);
    pthread_setname_np(pthread_self(), start.name);
    start.body(start.context);
    return NULL;
}

int forma3d_thread_start(const char *name, void (*body)(void *), void *context, uint64_t *thread) {
    struct thread_start *start = calloc(1, sizeof *start);
    if (start == NULL) return -ENOMEM;
    strncpy(start->name, name, sizeof start->name - 1);
    start->body = body;
    start->context = context;
    pthread_t created;
    int failure = pthread_create(&created, NULL, run_thread, start);
    if (failure != 0) {
        free(start);
        return -failure;
    }
    *thread = (uint64_t)created;
    return 0;
}

void forma3d_thread_join(uint64_t thread) {
    pthread_join((pthread_t)thread, NULL);
}

struct forma3d_semaphore {
    sem_t raw;
};

struct forma3d_semaphore *forma3d_semaphore_create(void) {
    struct forma3d_semaphore *semaphore = malloc(sizeof *semaphore);
    if (semaphore != NULL) sem_init(&semaphore->raw, 0, 0);
    return semaphore;
}

void forma3d_semaphore_destroy(struct forma3d_semaphore *semaphore) {
    sem_destroy(&semaphore->raw);
    free(semaphore);
}

void forma3d_semaphore_post(struct forma3d_semaphore *semaphore) {
    sem_post(&semaphore->raw);
}

void forma3d_semaphore_wait(struct forma3d_semaphore *semaphore) {
    while (sem_wait(&semaphore->raw) < 0 && errno == EINTR) {}
}

// Asked for many times a request: with the default model each time costs a call of the dynamic linker.
static __thread void *current_loop __attribute__((tls_model("initial-exec")));

void *forma3d_current_loop(void) {
    return current_loop;
}

void forma3d_set_current_loop(void *loop) {
    current_loop = loop;
}
