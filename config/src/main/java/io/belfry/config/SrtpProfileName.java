package io.belfry.config;

/// The SRTP protection profiles that can be offered, under their registered names without the
/// `SRTP_` prefix (RFC 5764 §4.1.2, RFC 7714 §14.2).
public enum SrtpProfileName {
  AEAD_AES_128_GCM,
  AEAD_AES_256_GCM,
  AES128_CM_SHA1_80
}
