/// What passes between the control plane and a media loop: commands down, events up. Plain data;
/// each goes through a bounded mailbox, and none is ever shared.
@NullMarked
package io.belfry.sfu.control;

import org.jspecify.annotations.NullMarked;
