/// Carries the packets of a room from the media loop that receives them to the loops that send them
/// to further receivers (a PipeTransport in mediasoup's words, between threads of one process).
///
/// What crosses is plaintext, once for each loop however many receivers it has there; each loop
/// keeps its own cache and answers its receivers' NACKs from it. Upward only requests for key
/// frames cross. Between two loops there is one bounded ring for each direction; a full one loses
/// packets, which are counted, and never holds a loop up.
@NullMarked
package io.belfry.sfu.pipe;

import org.jspecify.annotations.NullMarked;
