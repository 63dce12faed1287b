#ifndef FORMA3D_CCURL_SHIM_H
#define FORMA3D_CCURL_SHIM_H

#include <curl/curl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

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

// The thread's name in `top -H` and in a debugger; `prctl` is variadic too.
static inline void forma3d_curl_name_this_thread(const char *name) {
    prctl(PR_SET_NAME, name);
}

#endif
