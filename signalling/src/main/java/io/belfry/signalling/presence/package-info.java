/// Which devices are connected, what they are told, and who is therefore online. It exists in the
/// running node only; nothing here is stored but the time when a user was last there.
@NullMarked
package io.belfry.signalling.presence;

import org.jspecify.annotations.NullMarked;
