/// Who gets what: rooms, the tracks published in them (producers, each with one encoding or more)
/// and their receptions (consumers). The words are mediasoup's.
///
/// Everything here belongs to one media loop. Packets come in one by one and wait, as plaintext in
/// their encoding's cache, until the room is flushed; then the room goes receiver by receiver, so
/// that what each gets lies together and can leave as one message. A receiver is reached only
/// through {@link io.belfry.sfu.route.Sink}.
@NullMarked
package io.belfry.sfu.route;

import org.jspecify.annotations.NullMarked;
