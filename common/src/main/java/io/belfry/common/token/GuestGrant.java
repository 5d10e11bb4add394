package io.belfry.common.token;

import io.belfry.common.id.SessionId;
import java.time.Instant;

/// What a link for guests carries: whoever has it may ask for a call token of this session while
/// its call goes on. It is no call token itself, and names no user.
///
/// @param invitedBy the user who made the link, claim `sub`
/// @param expiresAt claim `exp`: the grant is refused from this instant on
public record GuestGrant(SessionId sessionId, String invitedBy, Instant expiresAt) {}
