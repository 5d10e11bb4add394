/// The device socket (docs/protocol.md §3): greets devices and hands their requests on. It decides
/// nothing.
@NullMarked
package io.belfry.signalling.ws;

import org.jspecify.annotations.NullMarked;
