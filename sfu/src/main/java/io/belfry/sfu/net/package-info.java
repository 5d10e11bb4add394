/// The I/O shell of the media core: one thread and one UDP socket for each media loop. A socket
/// receives and sends in batches, behind one interface with a native implementation (`recvmmsg`,
/// `sendmmsg`, UDP segmentation and receive offload) and a portable one (NIO). It decides nothing
/// about packets.
@NullMarked
package io.belfry.sfu.net;

import org.jspecify.annotations.NullMarked;
