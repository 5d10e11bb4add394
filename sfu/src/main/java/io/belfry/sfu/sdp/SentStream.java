package io.belfry.sfu.sdp;

/// The stream that a section of a playback answer announces, whatever it will carry.
///
/// @param cname RFC 3550 §6.5.1; the same for sections to be played in step
/// @param streamId RFC 8830 §2; the same for sections to be played in step
/// @param trackId RFC 8830 §2
public record SentStream(StreamSsrcs ssrcs, String cname, String streamId, String trackId) {}
