/// Protects and unprotects RTP and RTCP packets (SRTP).
///
/// A transport has one [io.belfry.sfu.srtp.SrtpSender] and one [io.belfry.sfu.srtp.SrtpReceiver],
/// each made from one [io.belfry.sfu.srtp.SrtpMasterKey] by the node's
/// [io.belfry.sfu.srtp.SrtpCrypto], which has a native implementation (OpenSSL's libcrypto through
/// the foreign-function interface, nothing allocated per packet) and a portable one (the JDK's
/// ciphers). Both pass the same tests and give the same bytes.
///
/// Implements RFC 3711 (packet format, §3.3.1 and Appendix A index estimate, §3.3.2 replay list,
/// §4.1.1 AES counter mode, §4.2.1 HMAC-SHA1, §4.3 key derivation), RFC 7714 (AES-GCM), RFC 6188 §2
/// (the AES-256 key derivation that RFC 7714 §11 asks for) and the profiles of RFC 5764 §4.1.2.
///
/// Left out: master key identifiers (RFC 5764 §4.1.2 has none by default), key derivation rates
/// other than zero (RFC 5764 §4.1.2), SRTCP without encryption (RFC 8827 §6.5 requires encryption),
/// the 32-bit authentication tag and the NULL ciphers (RFC 8827 §6.5 forbids the latter).
@NullMarked
package io.belfry.sfu.srtp;

import org.jspecify.annotations.NullMarked;
