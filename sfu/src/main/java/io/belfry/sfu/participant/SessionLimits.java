package io.belfry.sfu.participant;

import java.time.Duration;

/// The settings of sessions.
///
/// @param resumeGrace how long a participant whose socket broke keeps its place
/// @param maxEventsKept unacknowledged events kept for one participant
public record SessionLimits(
    int maxSessions, int maxTracksPerParticipant, int maxEventsKept, Duration resumeGrace) {}
