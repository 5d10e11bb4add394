/// The ICE-lite agent of one transport: it answers the connectivity checks of a full agent, and
/// knows from them which path to send on and whether the peer still wants to be sent to.
///
/// Implements the lite role of RFC 8445 (§2.5, §7.3, §8), the credentials of RFC 8839 §5.4,
/// restarts (RFC 8445 §9) and consent (RFC 7675 §5).
///
/// Left out: sending checks, gathering reflexive and relayed candidates and pair states, which a
/// lite agent does without (RFC 8445 §2.5); role switching, since a lite agent facing a full one is
/// always controlled (RFC 8445 §6.1.1); consent checks of our own: the peer's authenticated checks,
/// which it sends all the time for its own consent, show that it is there and willing.
@NullMarked
package io.belfry.sfu.ice;

import org.jspecify.annotations.NullMarked;
