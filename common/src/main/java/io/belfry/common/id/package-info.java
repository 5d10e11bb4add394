/// The identifiers that both nodes use, each its own type.
@NullMarked
package io.belfry.common.id;

import org.jspecify.annotations.NullMarked;
