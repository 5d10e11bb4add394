/// Reads and writes STUN messages, as far as connectivity checks and consent need them.
///
/// Implements the message format, FINGERPRINT, MESSAGE-INTEGRITY with short-term credentials and
/// the attributes of RFC 8489 (§5, §9.1, §14), and the ICE attributes of RFC 8445 §16.1.
///
/// Left out: long-term credentials, MESSAGE-INTEGRITY-SHA256 and ALTERNATE-SERVER (RFC 8445 §7 uses
/// none of them), transactions (an ICE-lite agent sends no requests, RFC 8445 §2.5) and STUN over
/// TCP.
///
/// Why not ice4j's message classes: they allocate an object for each attribute and throw at bad
/// bytes, and verify integrity only through a stack with sockets and threads of its own. Datagrams
/// get here before anything is known of their sender, so reading one must cost no memory and no
/// throw.
@NullMarked
package io.belfry.sfu.stun;

import org.jspecify.annotations.NullMarked;
