/// Publishing and watching over plain HTTP: WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep), which
/// exchange one SDP offer and answer and leave a resource that is deleted to end it.
///
/// A resource is a participant of the session like any other; the others see it come and go.
@NullMarked
package io.belfry.sfu.whip;

import org.jspecify.annotations.NullMarked;
