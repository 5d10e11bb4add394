/// JMH benchmarks of the media path's parts: time and bytes allocated for each packet. Run with
/// `bench/run`; results are kept in `bench/results`.
@NullMarked
package io.belfry.bench;

import org.jspecify.annotations.NullMarked;
