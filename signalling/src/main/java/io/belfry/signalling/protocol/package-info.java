/// The device socket's messages and the JSON of users, groups and calls (docs/protocol.md §2, §3),
/// whose names and values are those of the calling API.
@NullMarked
package io.belfry.signalling.protocol;

import org.jspecify.annotations.NullMarked;
