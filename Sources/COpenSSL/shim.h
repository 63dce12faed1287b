#ifndef FORMA3D_COPENSSL_SHIM_H
#define FORMA3D_COPENSSL_SHIM_H

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>

// NIST P-256 and AES-128-GCM as whole steps: OpenSSL's objects live and end inside each, so that Swift sees bytes alone.
// Every function gives 1 on success and leaves OpenSSL's error queue of the thread empty.

#define FORMA3D_P256_SCALAR_BYTES 32
#define FORMA3D_P256_POINT_BYTES 65

static inline int forma3d_openssl_outcome(int isRight) {
    ERR_clear_error();
    return isRight ? 1 : 0;
}

// The public point of a private scalar, uncompressed (SEC 1 §2.3.3). Fails for 0 and for the order and above.
static inline int forma3d_p256_public_point(const unsigned char *scalar, unsigned char *point) {
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    BIGNUM *number = BN_secure_new();
    EC_POINT *product = group ? EC_POINT_new(group) : NULL;
    int isRight = group && number && product && BN_bin2bn(scalar, FORMA3D_P256_SCALAR_BYTES, number)
        && !BN_is_zero(number) && BN_cmp(number, EC_GROUP_get0_order(group)) < 0
        && EC_POINT_mul(group, product, number, NULL, NULL, NULL) == 1
        && EC_POINT_point2oct(
               group, product, POINT_CONVERSION_UNCOMPRESSED, point, FORMA3D_P256_POINT_BYTES, NULL)
            == FORMA3D_P256_POINT_BYTES;
    EC_POINT_free(product);
    BN_clear_free(number);
    EC_GROUP_free(group);
    return forma3d_openssl_outcome(isRight);
}

// A key of OpenSSL's; `scalar` may be NULL for a public one. NULL when the point is not on the curve.
static inline EVP_PKEY *forma3d_p256_key(const unsigned char *scalar, const unsigned char *point) {
    EVP_PKEY *key = NULL;
    BIGNUM *number = scalar ? BN_bin2bn(scalar, FORMA3D_P256_SCALAR_BYTES, NULL) : NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    int isBuilt = builder && context
        && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0)
        && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, FORMA3D_P256_POINT_BYTES)
        && (!scalar || (number && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number)))
        && (parameters = OSSL_PARAM_BLD_to_param(builder)) != NULL;
    if (isBuilt && EVP_PKEY_fromdata_init(context) == 1) {
        int selection = scalar ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
        if (EVP_PKEY_fromdata(context, &key, selection, parameters) != 1) key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_clear_free(number);
    return key;
}

// 1 when the 65 bytes are a point of the curve other than the one at infinity.
static inline int forma3d_p256_is_point(const unsigned char *point) {
    EVP_PKEY *key = point[0] == 4 ? forma3d_p256_key(NULL, point) : NULL;
    EVP_PKEY_CTX *context = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    int isRight = context && EVP_PKEY_public_check(context) == 1;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return forma3d_openssl_outcome(isRight);
}

// ECDH: the x coordinate of the shared point, 32 bytes.
static inline int forma3d_p256_agree(
    const unsigned char *scalar, const unsigned char *point, const unsigned char *peer, unsigned char *secret) {
    EVP_PKEY *own = forma3d_p256_key(scalar, point);
    EVP_PKEY *other = forma3d_p256_key(NULL, peer);
    EVP_PKEY_CTX *context = own ? EVP_PKEY_CTX_new(own, NULL) : NULL;
    size_t count = FORMA3D_P256_SCALAR_BYTES;
    int isRight = context && other && EVP_PKEY_derive_init(context) == 1
        && EVP_PKEY_derive_set_peer(context, other) == 1 && EVP_PKEY_derive(context, secret, &count) == 1
        && count == FORMA3D_P256_SCALAR_BYTES;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(other);
    EVP_PKEY_free(own);
    return forma3d_openssl_outcome(isRight);
}

// ECDSA with SHA-256; the signature is r and s, 32 bytes each (RFC 7518 §3.4).
static inline int forma3d_p256_sign(
    const unsigned char *scalar, const unsigned char *point, const unsigned char *message, size_t count,
    unsigned char *signature) {
    EVP_PKEY *key = forma3d_p256_key(scalar, point);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char der[80];
    size_t derCount = sizeof der;
    ECDSA_SIG *pair = NULL;
    int isRight = key && context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1
        && EVP_DigestSign(context, der, &derCount, message, count) == 1;
    if (isRight) {
        const unsigned char *cursor = der;
        pair = d2i_ECDSA_SIG(NULL, &cursor, (long)derCount);
        isRight = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, 32) == 32
            && BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + 32, 32) == 32;
    }
    ECDSA_SIG_free(pair);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return forma3d_openssl_outcome(isRight);
}

static inline int forma3d_p256_verify(
    const unsigned char *point, const unsigned char *message, size_t count, const unsigned char *signature) {
    EVP_PKEY *key = forma3d_p256_key(NULL, point);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, 32, NULL);
    BIGNUM *s = BN_bin2bn(signature + 32, 32, NULL);
    unsigned char der[80];
    int derCount = 0;
    int isRight = 0;
    if (pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1) {
        r = s = NULL;
        if (i2d_ECDSA_SIG(pair, NULL) <= (int)sizeof der) {
            unsigned char *cursor = der;
            derCount = i2d_ECDSA_SIG(pair, &cursor);
        }
        isRight = derCount > 0 && key && context
            && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1
            && EVP_DigestVerify(context, der, (size_t)derCount, message, count) == 1;
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return forma3d_openssl_outcome(isRight);
}

// Writes `count` bytes and the 16 of the tag.
static inline int forma3d_aes128_gcm_seal(
    const unsigned char *key, const unsigned char *nonce, const unsigned char *plain, int count,
    unsigned char *sealed) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written = 0, last = 0;
    int isRight = context && EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, key, nonce) == 1
        && EVP_EncryptUpdate(context, sealed, &written, plain, count) == 1 && written == count
        && EVP_EncryptFinal_ex(context, sealed + count, &last) == 1 && last == 0
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, sealed + count) == 1;
    EVP_CIPHER_CTX_free(context);
    return forma3d_openssl_outcome(isRight);
}

// `count` bytes without the tag, which follows them. What was written before a failure must not be used.
static inline int forma3d_aes128_gcm_open(
    const unsigned char *key, const unsigned char *nonce, const unsigned char *sealed, int count,
    unsigned char *plain) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written = 0, last = 0;
    int isRight = context && EVP_DecryptInit_ex(context, EVP_aes_128_gcm(), NULL, key, nonce) == 1
        && EVP_DecryptUpdate(context, plain, &written, sealed, count) == 1 && written == count
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, (void *)(sealed + count)) == 1
        && EVP_DecryptFinal_ex(context, plain + count, &last) == 1 && last == 0;
    EVP_CIPHER_CTX_free(context);
    return forma3d_openssl_outcome(isRight);
}

#endif
