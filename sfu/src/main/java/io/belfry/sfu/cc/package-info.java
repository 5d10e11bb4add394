/// Congestion control: so far the feedback that keeps the bandwidth estimators of publishers going
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01). Estimating the way to each receiver, and
/// choosing layers by it, belongs here too and is not there yet: receivers get the best encoding.
@NullMarked
package io.belfry.sfu.cc;

import org.jspecify.annotations.NullMarked;
