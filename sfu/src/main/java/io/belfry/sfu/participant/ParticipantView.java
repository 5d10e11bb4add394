package io.belfry.sfu.participant;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A participant as others see it (docs/protocol.md §5).
///
/// @param id 8 hexadecimal digits
/// @param joinedAt Unix milliseconds, as text
/// @param isHost the host may mute and end for all: who has been in for the longest
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ParticipantView(
    String id,
    String uid,
    String name,
    @Nullable String avatar,
    String joinedAt,
    boolean isAudioMuted,
    boolean isVideoMuted,
    boolean isHandRaised,
    boolean isHost) {}
