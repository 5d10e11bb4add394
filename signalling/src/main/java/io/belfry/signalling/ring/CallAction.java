package io.belfry.signalling.ring;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that was done to a call and that its parts are told about; it becomes one message with
/// an id of its own.
///
/// @param actor the uid of whoever acted; when time acted, whoever the calling API shows instead
/// @param status what the action made of the call, or, in a group, of the actor's part in it
/// @param joinedAt when the actor joined, where the calling API shows it
public record CallAction(String actor, CallStatus status, Instant at, @Nullable Instant joinedAt) {}
