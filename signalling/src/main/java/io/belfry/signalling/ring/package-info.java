/// The ring as a pure machine: a call, an input and the time go in; the changed call and the
/// effects come out. It knows no store, no socket and no clock. docs/protocol.md §3, "The ring", is
/// its table.
@NullMarked
package io.belfry.signalling.ring;

import org.jspecify.annotations.NullMarked;
