/// Load on the signalling node of a running server, over its real sockets: idle devices, complete
/// ring cycles, and races of two devices that accept the same call. `bench/ring` starts a server
/// and runs it.
@NullMarked
package io.belfry.bench.ring;

import org.jspecify.annotations.NullMarked;
