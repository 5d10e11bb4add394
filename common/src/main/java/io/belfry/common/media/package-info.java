/// The border between the signalling node and the SFU: what is handed over when a call is accepted
/// and what comes back. In process it is called directly; apart, it travels over the network.
@NullMarked
package io.belfry.common.media;

import org.jspecify.annotations.NullMarked;
