/// The media node: {@link io.belfry.sfu.SfuNode} starts, wires and stops the packages below. A
/// WebRTC selective forwarding unit: ICE-lite, DTLS-SRTP, RTP forwarded without decoding.
@NullMarked
package io.belfry.sfu;

import org.jspecify.annotations.NullMarked;
