package io.belfry.sfu.route;

/// The settings of routing.
///
/// @param videoCachePackets kept of each video stream for retransmission, a power of two
/// @param audioCachePackets the same for audio
/// @param keyFrameIntervalNanos between two requests for a key frame of one stream
/// @param coalesceNanos how long the packets of an unfinished video frame may wait for its rest, so
///   that they leave together; 0 sends at the end of each turn
public record RouteLimits(
    int videoCachePackets, int audioCachePackets, long keyFrameIntervalNanos, long coalesceNanos) {}
