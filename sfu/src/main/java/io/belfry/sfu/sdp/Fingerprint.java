package io.belfry.sfu.sdp;

/// The hash of a certificate (RFC 8122 §5).
///
/// @param algorithm in lower case: `sha-256`
/// @param value upper-case hex pairs with colons between
public record Fingerprint(String algorithm, String value) {}
