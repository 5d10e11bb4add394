package io.belfry.sfu.participant;

import java.time.Duration;

/// The settings of sessions.
///
/// @param maxParticipants of a session that a token opened; others say their own
/// @param resumeGrace how long a participant whose socket broke keeps its place while media or
///   connectivity checks still come from it
/// @param silentGrace how long it keeps it when nothing comes
/// @param maxEventsKept unacknowledged events kept for one participant
/// @param receiversBeforeSpread receivers of a session that are served where its publishers are,
///   before further ones are spread over all media loops
/// @param emptyTimeout how long a session that a token opened stays without participants
public record SessionLimits(
    int maxSessions,
    int maxParticipants,
    int maxTracksPerParticipant,
    int maxEventsKept,
    int receiversBeforeSpread,
    Duration resumeGrace,
    Duration silentGrace,
    Duration emptyTimeout) {}
