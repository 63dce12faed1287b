#ifndef FORMA3D_CCURL_SHIM_H
#define FORMA3D_CCURL_SHIM_H

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

// Swift cannot call variadic functions, so each kind of argument has a name of its own here. The parentheses keep
// libcurl's type-checking macros away.

static inline CURLcode forma3d_curl_set_long(CURL *easy, CURLoption option, long value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode forma3d_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode forma3d_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode forma3d_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode forma3d_curl_set_receiver(
    CURL *easy, CURLoption option, size_t (*receive)(char *, size_t, size_t, void *)) {
    return (curl_easy_setopt)(easy, option, receive);
}

static inline CURLcode forma3d_curl_set_progress(
    CURL *easy, int (*look)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t)) {
    return (curl_easy_setopt)(easy, CURLOPT_XFERINFOFUNCTION, look);
}

static inline CURLcode forma3d_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return (curl_easy_getinfo)(easy, info, value);
}

static inline CURLcode forma3d_curl_get_size(CURL *easy, CURLINFO info, curl_off_t *value) {
    return (curl_easy_getinfo)(easy, info, value);
}

static inline CURLMcode forma3d_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return (curl_multi_setopt)(multi, option, value);
}

// libcurl 7.88 makes its sockets without close-on-exec; a slicer started meanwhile would inherit them.
static inline curl_socket_t forma3d_curl_open_socket(
    void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)context;
    (void)purpose;
#ifndef SOCK_CLOEXEC
#define SOCK_CLOEXEC 02000000
#endif
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static inline CURLcode forma3d_curl_close_sockets_on_exec(CURL *easy) {
    return (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, forma3d_curl_open_socket);
}

// As above, and tells which socket is open: the number behind the context, -1 for none.
static inline curl_socket_t forma3d_curl_open_kept_socket(
    void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    curl_socket_t opened = forma3d_curl_open_socket(context, purpose, address);
    *(int *)context = opened == CURL_SOCKET_BAD ? -1 : opened;
    return opened;
}

static inline int forma3d_curl_close_kept_socket(void *context, curl_socket_t socket) {
    if (*(int *)context == socket) *(int *)context = -1;
    return close(socket);
}

static inline void forma3d_curl_keep_socket(CURL *easy, int *socket) {
    (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, forma3d_curl_open_kept_socket);
    (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETDATA, socket);
    (curl_easy_setopt)(easy, CURLOPT_CLOSESOCKETFUNCTION, forma3d_curl_close_kept_socket);
    (curl_easy_setopt)(easy, CURLOPT_CLOSESOCKETDATA, socket);
}

// 0 for what is not reached through the public Internet: this machine, private networks, link-local addresses (where
// clouds keep their credentials), shared, reserved and multicast ones (RFC 6890, RFC 4193, RFC 6598).
static inline int forma3d_curl_is_public_ipv4(uint32_t address) {
    return !((address >> 24) == 0 || (address >> 24) == 10 || (address >> 24) == 127 || (address >> 28) >= 14
             || (address >> 22) == (0x64400000u >> 22) || (address >> 16) == 0xA9FEu || (address >> 20) == 0xAC1u
             || (address >> 16) == 0xC0A8u || (address >> 8) == 0xC00000u || (address >> 8) == 0xC00002u
             || (address >> 17) == (0xC6120000u >> 17) || (address >> 8) == 0xC63364u || (address >> 8) == 0xCB0071u);
}

static inline int forma3d_curl_is_public_address(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        return forma3d_curl_is_public_ipv4(ntohl(four.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6) return 0;
    struct sockaddr_in6 six;
    memcpy(&six, address, sizeof six);
    const unsigned char *bytes = six.sin6_addr.s6_addr;
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    static const unsigned char translated[12] = {0, 0x64, 0xFF, 0x9B};
    if (memcmp(bytes, mapped, 12) == 0 || memcmp(bytes, translated, 12) == 0) {
        uint32_t four;
        memcpy(&four, bytes + 12, 4);
        return forma3d_curl_is_public_ipv4(ntohl(four));
    }
    // Only 2000::/3 is given out (RFC 4291 §2.4); 2001:db8::/32 is for examples.
    return (bytes[0] & 0xE0) == 0x20 && !(bytes[0] == 0x20 && bytes[1] == 1 && bytes[2] == 0x0D && bytes[3] == 0xB8);
}

static inline curl_socket_t forma3d_curl_open_public_socket(
    void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    if (!forma3d_curl_is_public_address(&address->addr)) return CURL_SOCKET_BAD;
    return forma3d_curl_open_socket(context, purpose, address);
}

// Looked at for every address a name resolves to, right before the connection: a name cannot change in between.
static inline CURLcode forma3d_curl_public_addresses_only(CURL *easy) {
    return (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, forma3d_curl_open_public_socket);
}

// The thread's name in `top -H` and in a debugger; `prctl` is variadic too.
static inline void forma3d_curl_name_this_thread(const char *name) {
    prctl(PR_SET_NAME, name);
}

#endif
