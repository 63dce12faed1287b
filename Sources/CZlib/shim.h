#ifndef FORMA3D_CZLIB_SHIM_H
#define FORMA3D_CZLIB_SHIM_H

/* Makes next_in a pointer to const, as what it is. */
#define ZLIB_CONST
#include <string.h>
#include <zlib.h>

/* deflateInit2 and inflateInit2 are macros, which do not import into Swift.
 *
 * windowBits chooses the wrapping: 9 to 15 zlib, 25 to 31 gzip (16 more), -9 to -15 raw deflate. The stream is cleared
 * first, so that zlib allocates by itself. The result is zlib's: Z_OK or an error.
 *
 * zlib's state points back to the z_stream it was made with: the struct must not move until it is ended. */
static inline int forma3d_deflate_init(z_stream *stream, int level, int window_bits, int memory_level) {
    memset(stream, 0, sizeof *stream);
    return deflateInit2(stream, level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY);
}

static inline int forma3d_inflate_init(z_stream *stream, int window_bits) {
    memset(stream, 0, sizeof *stream);
    return inflateInit2(stream, window_bits);
}

#endif
