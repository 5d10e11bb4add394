/// Session descriptions, as far as a server needs them that offers one transport with ICE-lite and
/// forwards media: reading what a client sent, answering what it publishes, and offering what it
/// subscribes to.
///
/// Implements RFC 8866 (SDP), RFC 3264 (offer and answer), RFC 8829 and RFC 9429 (JSEP's shape of
/// both), RFC 9143 (BUNDLE), RFC 8839 (ICE attributes), RFC 6544 (TCP candidates), RFC 8842
/// (`setup`, `fingerprint`), RFC 5576 (SSRC attributes), RFC 8830 (`msid`), RFC 8851 and RFC 8853
/// (RID, simulcast), RFC 8285 (`extmap`), RFC 4585 (`rtcp-fb`), RFC 4588 (`rtx`).
///
/// A client's description is never trusted: sizes are limited, what is not understood is skipped,
/// and what cannot work is answered with a code and a sentence, not an exception.
///
/// Left out: several transports per session (every section is bundled, as all clients offer), data
/// channels (refused with port 0), SDES keys (RFC 4568), and trickled candidates of the client,
/// which an ICE-lite agent has no use for (RFC 8445 §2.5).
@NullMarked
package io.belfry.sfu.sdp;

import org.jspecify.annotations.NullMarked;
