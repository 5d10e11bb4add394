/// The control plane of a session: who is in it, what each publishes and receives, and the
/// negotiation of both. Works in JSON-ready values and SDP; tells media loops through commands.
/// Blocking code for virtual threads; each session has one lock.
@NullMarked
package io.belfry.sfu.participant;

import org.jspecify.annotations.NullMarked;
