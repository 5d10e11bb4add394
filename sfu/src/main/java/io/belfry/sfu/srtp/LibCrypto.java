package io.belfry.sfu.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The functions of OpenSSL 3's libcrypto that SRTP needs, with addresses as `long`s, so that a
/// call allocates nothing. Loading this class fails (with a [LinkageError]) where the library is
/// missing.
///
/// The method handles are static because only constant handles are inlined. Names and meanings are
/// those of OpenSSL's manual: EVP_EncryptInit(3), EVP_MAC(3).
final class LibCrypto {
  static final int EVP_CTRL_AEAD_GET_TAG = 0x10;
  static final int EVP_CTRL_AEAD_SET_TAG = 0x11;
  static final long NULL = 0;

  private static final String LIBRARY = "libcrypto.so.3";
  private static final int OSSL_PARAM_UTF8_STRING = 4;
  private static final int OSSL_PARAM_BYTES = 40;

  private static final ValueLayout.OfLong PTR = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LOOKUP = SymbolLookup.libraryLookup(LIBRARY, Arena.global());

  private static final MethodHandle OPENSSL_VERSION = bind("OpenSSL_version", PTR, INT);
  private static final MethodHandle CIPHER_CTX_NEW = bind("EVP_CIPHER_CTX_new", PTR);
  private static final MethodHandle CIPHER_CTX_FREE = bindVoid("EVP_CIPHER_CTX_free", PTR);
  private static final MethodHandle CIPHER_INIT =
      bind("EVP_CipherInit_ex", INT, PTR, PTR, PTR, PTR, PTR, INT);
  private static final MethodHandle MAC_FETCH = bind("EVP_MAC_fetch", PTR, PTR, PTR, PTR);
  private static final MethodHandle MAC_INIT = bind("EVP_MAC_init", INT, PTR, PTR, PTR, PTR);
  private static final MethodHandle MAC_FREE = bindVoid("EVP_MAC_free", PTR);
  private static final MethodHandle MAC_CTX_NEW = bind("EVP_MAC_CTX_new", PTR, PTR);
  private static final MethodHandle MAC_CTX_FREE = bindVoid("EVP_MAC_CTX_free", PTR);
  private static final MethodHandle AES_128_GCM = bind("EVP_aes_128_gcm", PTR);
  private static final MethodHandle AES_256_GCM = bind("EVP_aes_256_gcm", PTR);
  private static final MethodHandle AES_128_CTR = bind("EVP_aes_128_ctr", PTR);

  // What runs for every packet. Critical calls skip the thread's state change, which saves 5 to 8
  // percent of a small packet; in return no safepoint is reached during the call. That is sound
  // here: each takes less than a microsecond, none calls back or waits.
  private static final MethodHandle CIPHER_START =
      bindCritical("EVP_CipherInit_ex", PTR, PTR, PTR, PTR, PTR, INT);
  private static final MethodHandle CIPHER_UPDATE =
      bindCritical("EVP_CipherUpdate", PTR, PTR, PTR, PTR, INT);
  private static final MethodHandle CIPHER_FINAL =
      bindCritical("EVP_CipherFinal_ex", PTR, PTR, PTR);
  private static final MethodHandle CIPHER_CTRL =
      bindCritical("EVP_CIPHER_CTX_ctrl", PTR, INT, INT, PTR);
  private static final MethodHandle MAC_START = bindCritical("EVP_MAC_init", PTR, PTR, PTR, PTR);
  private static final MethodHandle MAC_UPDATE = bindCritical("EVP_MAC_update", PTR, PTR, PTR);
  private static final MethodHandle MAC_FINAL = bindCritical("EVP_MAC_final", PTR, PTR, PTR, PTR);

  private LibCrypto() {}

  /// "OpenSSL 3.5.1 1 Jul 2025", for the log.
  static String version() {
    try {
      long text = (long) OPENSSL_VERSION.invokeExact(0);
      return MemorySegment.ofAddress(text).reinterpret(256).getString(0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long aesGcm(int keyBytes) {
    try {
      return keyBytes == 32 ? (long) AES_256_GCM.invokeExact() : (long) AES_128_GCM.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long aes128Ctr() {
    try {
      return (long) AES_128_CTR.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// A cipher context with its key set, in the given direction; to be freed.
  static long newCipherContext(long cipher, byte[] key, boolean encrypt) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment keyCopy = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
      long context = (long) CIPHER_CTX_NEW.invokeExact();
      if (context == NULL) {
        throw new IllegalStateException("EVP_CIPHER_CTX_new failed");
      }
      int direction = encrypt ? 1 : 0;
      int ok =
          (int) CIPHER_INIT.invokeExact(context, cipher, NULL, keyCopy.address(), NULL, direction);
      keyCopy.fill((byte) 0);
      if (ok != 1) {
        freeCipherContext(context);
        throw new IllegalStateException("EVP_CipherInit_ex failed");
      }
      return context;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void freeCipherContext(long context) {
    try {
      CIPHER_CTX_FREE.invokeExact(context);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Starts a message under the key that the context has; the direction stays.
  static boolean cipherStart(long context, long iv) {
    try {
      return (int) CIPHER_START.invokeExact(context, NULL, NULL, NULL, iv, -1) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static boolean cipherUpdate(
      long context, long output, long outputLength, long input, int length) {
    try {
      return (int) CIPHER_UPDATE.invokeExact(context, output, outputLength, input, length) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static boolean cipherFinal(long context, long output, long outputLength) {
    try {
      return (int) CIPHER_FINAL.invokeExact(context, output, outputLength) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static boolean cipherControl(long context, int command, int length, long pointer) {
    try {
      return (int) CIPHER_CTRL.invokeExact(context, command, length, pointer) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// An HMAC-SHA1 context with its key set; to be freed.
  static long newHmacSha1Context(byte[] key) {
    try (Arena arena = Arena.ofConfined()) {
      long mac = (long) MAC_FETCH.invokeExact(NULL, arena.allocateFrom("HMAC").address(), NULL);
      if (mac == NULL) {
        throw new IllegalStateException("EVP_MAC_fetch(HMAC) failed");
      }
      long context = (long) MAC_CTX_NEW.invokeExact(mac);
      MAC_FREE.invokeExact(mac); // the context keeps a reference of its own
      if (context == NULL) {
        throw new IllegalStateException("EVP_MAC_CTX_new failed");
      }
      MemorySegment keyCopy = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
      int ok =
          (int)
              MAC_INIT.invokeExact(
                  context, keyCopy.address(), (long) key.length, digestParameter(arena).address());
      keyCopy.fill((byte) 0);
      if (ok != 1) {
        freeMacContext(context);
        throw new IllegalStateException("EVP_MAC_init failed");
      }
      return context;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// `OSSL_PARAM[] {{"digest", UTF8_STRING, "SHA1"}, END}`; see OSSL_PARAM(3) for the fields.
  private static MemorySegment digestParameter(Arena arena) {
    MemorySegment parameters = arena.allocate(2L * OSSL_PARAM_BYTES, 8);
    parameters.set(PTR, 0, arena.allocateFrom("digest").address());
    parameters.set(INT, 8, OSSL_PARAM_UTF8_STRING);
    parameters.set(PTR, 16, arena.allocateFrom("SHA1").address());
    parameters.set(PTR, 24, "SHA1".length());
    return parameters;
  }

  static void freeMacContext(long context) {
    try {
      MAC_CTX_FREE.invokeExact(context);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Starts a message under the key that the context has.
  static boolean macStart(long context) {
    try {
      return (int) MAC_START.invokeExact(context, NULL, NULL, NULL) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static boolean macUpdate(long context, long input, long length) {
    try {
      return (int) MAC_UPDATE.invokeExact(context, input, length) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static boolean macFinal(long context, long output, long outputLength, long outputSize) {
    try {
      return (int) MAC_FINAL.invokeExact(context, output, outputLength, outputSize) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static MethodHandle bind(String name, MemoryLayout result, MemoryLayout... parameters) {
    return LINKER.downcallHandle(
        LOOKUP.findOrThrow(name), FunctionDescriptor.of(result, parameters));
  }

  /// A function that answers 1 for success.
  private static MethodHandle bindCritical(String name, MemoryLayout... parameters) {
    return LINKER.downcallHandle(
        LOOKUP.findOrThrow(name),
        FunctionDescriptor.of(INT, parameters),
        Linker.Option.critical(false));
  }

  private static MethodHandle bindVoid(String name, MemoryLayout... parameters) {
    return LINKER.downcallHandle(LOOKUP.findOrThrow(name), FunctionDescriptor.ofVoid(parameters));
  }

  private static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException runtime -> runtime;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
