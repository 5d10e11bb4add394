/// What both nodes share: ids, time, bytes, metrics, tokens and the words of the domain. No I/O.
@NullMarked
package io.belfry.common;

import org.jspecify.annotations.NullMarked;
