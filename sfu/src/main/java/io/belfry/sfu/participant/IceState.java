package io.belfry.sfu.participant;

import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.sdp.IceFragment;
import io.belfry.sfu.sdp.MediaKind;
import java.util.List;

/// Where ICE stands on the transport of a participant that came over HTTP.
///
/// @param bundle MIDs of the accepted sections; at least one
/// @param first the kind of the first of them
record IceState(
    long transportId,
    IceCredentials local,
    IceFragment remote,
    List<String> bundle,
    MediaKind first) {}
