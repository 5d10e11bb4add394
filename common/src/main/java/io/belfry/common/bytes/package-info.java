/// Off-heap memory and big-endian access, shared by everything that touches packets.
@NullMarked
package io.belfry.common.bytes;

import org.jspecify.annotations.NullMarked;
