/// The shell around the ring machine: it reads a call, lets the machine step, stores what came of
/// it and then does what the machine wants: tells devices, sets timers, opens and closes the media
/// session. The stored call decides; devices, timers and the SFU only propose.
@NullMarked
package io.belfry.signalling.call;

import org.jspecify.annotations.NullMarked;
