/// The border between the signalling node and the SFU over gRPC, for nodes that run apart: the SFU
/// serves {@link io.belfry.link.LinkServer}, the signalling node uses {@link
/// io.belfry.link.RemoteMediaNode} as it would use an SFU in its own process. One signalling node,
/// one SFU; no choice among several.
@NullMarked
package io.belfry.link;

import org.jspecify.annotations.NullMarked;
